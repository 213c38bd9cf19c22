// A former report, read to tell new findings from known ones. Only what identifies a finding is looked at.

import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type Finding, UserError } from '../../model/index.ts';
import { toPathError } from '../../sources/index.ts';

const text = z.string();
const identity = z.looseObject({
  check: text,
  verdict: z.enum(['pass', 'fail', 'unknown']),
  subject: z.looseObject({ apiVersion: text, kind: text, namespace: text, name: text, container: text.optional() }),
  path: text.optional(),
});
const report = z.looseObject({ schema: z.literal('nowwhat.dev/report/v1'), findings: z.array(identity) });

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Told like a file that is JSON and no report.
    return undefined;
  }
}

export async function readBaseline(file: string): Promise<readonly Finding[]> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw toPathError(cause, `the baseline ${file}`, 'Give a report that was written with -o json.');
  });
  const result = report.safeParse(parse(source));
  if (result.success) return result.data.findings as unknown as readonly Finding[];
  throw new UserError(
    'invalid-baseline',
    `${file} is not a report of this program`,
    'Write one with `nowwhat check PATH -o json --output-file FILE`.',
  );
}
