// `traffic`: what talks to what, against what the app declares.

import { answerTraffic, type TrafficWish } from '../../app/traffic/traffic.ts';
import { failingEdges, failures, type Failure } from '../../traffic/index.ts';
import { isIn, UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { TrafficFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderTraffic } from '../reporters/traffic/index.ts';
import { writeOutput } from '../write-output.ts';

export interface TrafficFlags extends SourceFlags {
  readonly output: TrafficFormat;
  readonly flows?: readonly string[];
  readonly failOn?: readonly string[];
  readonly all?: boolean;
}

function toFailures(words: readonly string[] = []): Failure[] {
  return words.map((word) => {
    if (isIn(failures, word)) return word;
    throw new UserError('invalid-option', `--fail-on knows no "${word}"`, `Name some of ${failures.join(', ')}.`);
  });
}

function toWish(inputs: readonly string[], flags: TrafficFlags): TrafficWish {
  return { reading: toReadWish(inputs, flags), flows: flags.flows ?? [] };
}

/** Exit status 1 where the user asked for it with `--fail-on`. */
export async function runTraffic(inputs: readonly string[], flags: TrafficFlags, io: Io): Promise<number> {
  const failOn = toFailures(flags.failOn);
  const wish = toWish(inputs, flags);
  const { stdin, environment, today } = io;
  const { report, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    answerTraffic(wish, { stdin, environment, today, progress }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), showAll: flags.all ?? false };
  await writeOutput(renderTraffic(report, flags.output, look), { file: flags.outputFile, quiet: flags.quiet }, io);
  return failingEdges(report, failOn).length === 0 ? 0 : 1;
}
