// `facts`: what a cluster is made of.

import { answerFacts } from '../../app/cluster/facts.ts';
import { readApp } from '../../app/read-app.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderFacts } from '../reporters/facts.ts';
import { writeOutput } from '../write-output.ts';

export interface FactsFlags extends SourceFlags {
  readonly output: 'text' | 'json';
}

export async function runFacts(inputs: readonly string[], flags: FactsFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const { snapshot, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readApp(toReadWish(inputs, flags), { stdin, environment, today, progress }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  const answer = await answerFacts(snapshot, today);
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderFacts(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
