// `drift`: what the files say against what the cluster has.

import { findDrift } from '../../app/compare/drift.ts';
import { renderJson } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderDrift } from '../reporters/drift.ts';
import { writeOutput } from '../write-output.ts';

export interface DriftFlags extends SourceFlags {
  readonly output: 'text' | 'json';
}

/** Exit status 1 where files and cluster differ. What is in the cluster besides is told and no reason. */
export async function runDrift(inputs: readonly string[], flags: DriftFlags, io: Io): Promise<number> {
  const wish = toReadWish(inputs, flags);
  const { stdin, environment, today } = io;
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    findDrift(wish, { stdin, environment, today, progress }),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text = flags.output === 'json' ? `${renderJson(answer, 2)}\n` : renderDrift(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.changed.length + answer.missing.length === 0 ? 0 : 1;
}
