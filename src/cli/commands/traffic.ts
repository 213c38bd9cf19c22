// `traffic`: what talks to what, against what the app declares.

import type { PrometheusWish } from '../../app/traffic/ask-prometheus.ts';
import type { SamplingWish } from '../../app/traffic/sample-sockets.ts';
import { answerTraffic, type SamplingIntent, type TrafficWish } from '../../app/traffic/traffic.ts';
import { failingEdges, failures, type Failure } from '../../traffic/index.ts';
import { isIn, UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toMilliseconds, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import type { TrafficFormat } from '../options.ts';
import { withProgress } from '../progress.ts';
import { renderTraffic } from '../reporters/traffic/index.ts';
import { renderIntent } from '../reporters/traffic/intent.ts';
import { writeOutput } from '../write-output.ts';
import { saysYes } from '../says-yes.ts';

/** Options about what was seen. */
export interface ObservationFlags extends SourceFlags {
  readonly flows?: readonly string[];
  readonly prometheus?: string;
  readonly range?: string;
  readonly for?: string;
  readonly every?: string;
  readonly yes?: boolean;
}

export interface TrafficFlags extends ObservationFlags {
  readonly output: TrafficFormat;
  readonly failOn?: readonly string[];
  readonly all?: boolean;
}

function toFailures(words: readonly string[] = []): Failure[] {
  return words.map((word) => {
    if (isIn(failures, word)) return word;
    throw new UserError('invalid-option', `--fail-on knows no "${word}"`, `Name some of ${failures.join(', ')}.`);
  });
}

/** Sockets are looked at where a cluster was named, unless something else was given to look at. */
function toSampling(flags: ObservationFlags): SamplingWish | undefined {
  const { context, flows = [], prometheus, for: duration, every = '1s' } = flags;
  const isRecorded = flows.length > 0 || prometheus !== undefined;
  if (duration !== undefined && context === undefined)
    throw new UserError('invalid-option', '--for needs a cluster', 'Name one with --context; `.` is the current one.');
  if (context === undefined || (duration === undefined && isRecorded)) return undefined;
  return { duration: toMilliseconds(duration ?? '30s', 0), every: toMilliseconds(every, 200) };
}

function toPrometheus({ prometheus: url, range = '1h' }: ObservationFlags): PrometheusWish | undefined {
  if (!/^\d{1,6}(?:ms|[smhdwy])$/.test(range))
    throw new UserError('invalid-option', `"${range}" is not a time for Prometheus`, 'Write it as 30m, 1h or 7d.');
  return url === undefined ? undefined : { url, range };
}

/** What is read and what is looked at, from the options that `traffic` has. */
export function toTrafficWish(inputs: readonly string[], flags: ObservationFlags): TrafficWish {
  const sampling = toSampling(flags);
  const prometheus = toPrometheus(flags);
  return {
    reading: toReadWish(inputs, flags),
    flows: flags.flows ?? [],
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(sampling === undefined ? {} : { sampling }),
  };
}

/** Says what would run where, and asks. */
export async function agreeToSampling(
  intent: SamplingIntent,
  flags: Pick<ObservationFlags, 'yes'>,
  io: Io,
): Promise<boolean> {
  io.err(`${renderIntent(intent, io)}\n`);
  if (flags.yes === true) return true;
  return saysYes(io, 'Go on? [y/N] ');
}

/** Exit status 1 where the user asked for it with `--fail-on`. */
export async function runTraffic(inputs: readonly string[], flags: TrafficFlags, io: Io): Promise<number> {
  const failOn = toFailures(flags.failOn);
  const wish = toTrafficWish(inputs, flags);
  const { stdin, environment, today } = io;
  const { report, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    answerTraffic(wish, { stdin, environment, today, progress, agree: (intent) => agreeToSampling(intent, flags, io) }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), showAll: flags.all ?? false };
  await writeOutput(renderTraffic(report, flags.output, look), { file: flags.outputFile, quiet: flags.quiet }, io);
  return failingEdges(report, failOn).length === 0 ? 0 : 1;
}
