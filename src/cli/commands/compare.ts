// `compare`: the same app in two places.

import { compareSides } from '../../app/compare.ts';
import { parseWidth, type SourceFlags, toCompareWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderCompare } from '../reporters/compare.ts';
import { writeOutput } from '../write-output.ts';

export interface CompareFlags extends SourceFlags {
  readonly from: string;
  readonly to: string;
  readonly output: 'text' | 'json';
  readonly all?: boolean;
}

/** Exit status 1 where something has to be done. */
export async function runCompare(flags: CompareFlags, io: Io): Promise<number> {
  const wish = toCompareWish(flags.from, flags.to, flags);
  const { stdin, environment, today } = io;
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    compareSides(wish, { stdin, environment, today, progress }),
  );
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), showAll: flags.all ?? false };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderCompare(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.steps.length === 0 ? 0 : 1;
}
