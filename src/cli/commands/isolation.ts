// `isolation`: which workloads are worth most to an intruder, and how to keep one there.

import { findIsolation } from '../../app/isolation.ts';
import { parseWidth, repeatInputs, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderIsolation } from '../reporters/isolation.ts';
import { writeOutput } from '../write-output.ts';

export interface IsolationFlags extends SourceFlags {
  readonly output: 'text' | 'json';
}

/** A report with a plan: it is no verdict, and the exit status is 0. */
export async function runIsolation(inputs: readonly string[], flags: IsolationFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = { ...toReadWish(inputs, flags), repeated: repeatInputs(inputs, flags) };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    findIsolation(wish, { stdin, environment, today, progress }),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderIsolation(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
