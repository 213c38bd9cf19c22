// nowwhat.yaml: found beside the input or above it, checked field by field, with errors that name the line.

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { LineIndex, PositionTree, parseYaml } from '../kube/yaml/index.ts';
import { targets } from '../journey/index.ts';
import { type Json, levels, type Path, severities, UserError } from '../model/index.ts';

const text = z.string().min(1);
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2026-12-31');
const level = z.union(levels.map((each) => z.literal(each)));

const configSchema = z.strictObject({
  kubeVersion: z.union([z.string(), z.number()]).optional(),
  target: z.enum(targets).optional(),
  namespace: text.optional(),
  allowedRegistries: z.array(text).optional(),
  failOn: z.enum([...severities, 'any', 'never']).optional(),
  require: z
    .strictObject({
      security: level.optional(),
      deployment: level.optional(),
      monitoring: level.optional(),
      backups: level.optional(),
    })
    .optional(),
  exceptions: z
    .array(
      z.strictObject({
        check: text,
        subject: text,
        container: text.optional(),
        owner: text,
        reason: text,
        until: isoDate,
      }),
    )
    .optional(),
  customChecks: z.array(z.unknown()).optional(),
  checks: z.record(z.string(), z.strictObject({ skip: text })).optional(),
});

export type Config = z.infer<typeof configSchema>;

export interface LoadedConfig {
  readonly file: string | undefined;
  readonly config: Config;
}

const fileName = 'nowwhat.yaml';

/** The nearest nowwhat.yaml from the input's folder up to the root of its repository. */
async function findConfig(input: string): Promise<string | undefined> {
  const info = await stat(input).catch(() => undefined);
  let folder = resolve(info?.isDirectory() === true ? input : dirname(input));
  for (;;) {
    const candidate = join(folder, fileName);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder || existsSync(join(folder, '.git'))) return undefined;
    folder = parent;
  }
}

function placeOf(source: string, path: Path): string {
  const { offset } = new PositionTree(source).locate(0, path);
  return String(new LineIndex(source).at(offset).line);
}

/** `12: exceptions.0.until: must be a date`: the line, the field, what is wrong. */
function describeIssue(source: string, issue: z.core.$ZodIssue | undefined): string {
  const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = path.length === 0 ? '' : `${path.join('.')}: `;
  return `${placeOf(source, [...path, ...unknown])}: ${field}${issue?.message ?? 'not valid'}`;
}

function parseConfig(file: string, source: string): Config {
  const outcome = parseYaml(source);
  const advice = 'Correct the file, or run `nowwhat init` in another folder to see every setting.';
  if (!outcome.ok) {
    const { line } = new LineIndex(source).at(outcome.failure.offset);
    throw new UserError('invalid-config', `${file}:${line}: ${outcome.failure.reason}`, advice);
  }
  const value: Json = outcome.parsed.values[0] ?? {};
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw new UserError('invalid-config', `${file}:${describeIssue(source, result.error.issues[0])}`, advice);
}

/** Reads the configuration for an input. `explicit` is the file that the user named. */
export async function readConfig(input: string, explicit: string | undefined): Promise<LoadedConfig> {
  const file = explicit ?? (input === '-' ? undefined : await findConfig(input));
  if (file === undefined) return { file, config: {} };
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      'path-missing',
      `${file} cannot be read`,
      'Give the path of a configuration file that exists.',
      cause,
    );
  });
  return { file, config: parseConfig(file, source) };
}
