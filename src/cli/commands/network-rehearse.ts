// `network rehearse`: shows what it would make and try, does it where somebody agrees, and tells whether the prediction held.

import { recordNetworkRehearsal } from '../../app/network/record-policies.ts';
import { isShown, type RehearsalReport } from '../../app/network/rehearsal/report.ts';
import { type LiveRehearsalWish, prepareLiveRehearsal } from '../../app/network/rehearse-live.ts';
import { type PreparedRehearsal, prepareRehearsal, type RehearsalWish } from '../../app/network/rehearse-network.ts';
import { gatherPassing } from '../../app/passing.ts';
import type { SamplingIntent, TrafficOutside } from '../../app/traffic/traffic.ts';
import { givenOption, UserError } from '../../model/index.ts';
import { parseWidth, toClusterOnlyWish, toMilliseconds } from '../flags.ts';
import { invalidOption } from '../invalid-option.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderLivePlan } from '../reporters/live-rehearsal.ts';
import { renderRehearsal, renderRehearsalPlan } from '../reporters/network-rehearsal.ts';
import type { Look } from '../reporters/look.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';
import { commandText } from './plans/change-flags.ts';
import { type EvidenceFlags, evidenceWords, toPoliciesWish } from './network-policies.ts';
import { agreeToSampling } from './traffic.ts';

export interface RehearseFlags extends EvidenceFlags {
  readonly output: 'text' | 'json';
  readonly on?: string;
  readonly live?: boolean;
  readonly within?: string;
  readonly image: string;
  readonly forbidden: string;
  readonly plan?: boolean;
}

const asked = {
  question: 'Go on?',
  refusal: 'nothing was made',
  advice: 'Look at the plan with --plan, or leave it.',
};

/** What is common to a rehearsal on a copy and one beside the app. */
interface Prepared extends Pick<PreparedRehearsal, 'answer' | 'run'> {
  readonly policies: RehearsalWish['policies'];
  /** What is shown before somebody agrees. */
  readonly text: string;
}

async function run(prepared: Prepared, io: Io): Promise<RehearsalReport> {
  const passing = gatherPassing();
  return await io.whileRunning(passing, () => prepared.run(passing.remember));
}

function parseMost(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new UserError('invalid-option', `--forbidden "${text}" is not a number of connections`, 'Write it as 20.');
}

/** The app may be read from files, and is rehearsed on a cluster all the same. */
function toWish(inputs: readonly string[], flags: RehearseFlags): RehearsalWish {
  const { on = flags.context, kubeconfig, ...rest } = flags;
  if (on === undefined) throw invalidOption('no cluster was named to rehearse on', 'Name its context with --on.');
  if (flags.within !== undefined)
    throw invalidOption('--within is for --live', 'A copy disturbs nobody: leave it away.');
  const named = kubeconfig === undefined ? {} : { kubeconfig };
  const reading = flags.context === undefined ? rest : flags;
  return {
    policies: toPoliciesWish(inputs, reading),
    cluster: toClusterOnlyWish({ ...rest, ...named, context: on }),
    image: flags.image,
    mostForbidden: parseMost(flags.forbidden),
  };
}

const longest = 600_000;

function toLiveWish(inputs: readonly string[], flags: RehearseFlags): LiveRehearsalWish {
  if (flags.on !== undefined)
    throw invalidOption(
      '--live is where the app runs, and --on is another place',
      'Name its cluster with --context alone.',
    );
  if (flags.context === undefined)
    throw invalidOption(
      '--live needs the cluster in which the app runs',
      'Name one with --context; `.` is the current one.',
    );
  const within = toMilliseconds(flags.within ?? '2m', 10_000);
  if (within > longest) throw invalidOption('--within is longer than 10 minutes', 'An app is not held up for so long.');
  const { image, forbidden } = flags;
  return { policies: toPoliciesWish(inputs, flags), image, mostForbidden: parseMost(forbidden), within };
}

async function prepare(
  inputs: readonly string[],
  flags: RehearseFlags,
  outside: TrafficOutside,
  look: Look,
): Promise<Prepared> {
  if (flags.live !== true) {
    const wish = toWish(inputs, flags);
    const prepared = await prepareRehearsal(wish, outside);
    return { ...prepared, policies: wish.policies, text: renderRehearsalPlan(prepared, flags.image, look) };
  }
  const wish = toLiveWish(inputs, flags);
  const prepared = await prepareLiveRehearsal(wish, outside);
  return { ...prepared, policies: wish.policies, text: renderLivePlan(prepared, wish, look) };
}

function commandOf(inputs: readonly string[], flags: RehearseFlags): string {
  const { on, image, forbidden, live = false, within } = flags;
  const place = [...givenOption('--on', on), ...(live ? ['--live'] : []), ...givenOption('--within', within)];
  const words = [...inputs, ...evidenceWords(flags), ...place, '--image', image, '--forbidden', forbidden];
  return commandText('network rehearse', words, flags);
}

/** Exit status 1 where the rehearsal does not count, or anything came out otherwise than predicted. */
export async function runNetworkRehearse(inputs: readonly string[], flags: RehearseFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const quiet = flags.quiet ?? false;
  let tell: (what: string) => void = () => undefined;
  const progress = (what: string): void => tell(what);
  const agree = (intent: SamplingIntent): Promise<boolean> => agreeToSampling(intent, flags, io);
  const outside = { stdin, environment, today, progress, agree };
  const width = parseWidth(flags.width, io.width);
  const prepared = await withProgress(io, quiet, (say) => {
    tell = say;
    return prepare(inputs, flags, outside, { style: io.errorStyle, width });
  });
  const { answer, policies, text } = prepared;
  if (flags.plan === true) {
    await writeOutput(text, { file: flags.outputFile, quiet }, io);
    return 0;
  }
  io.err(text);
  await requireAgreement(asked, '', flags.yes, io);
  const report = await withProgress(io, quiet, (say) => {
    tell = say;
    return run(prepared, io);
  });
  const making = { command: commandOf(inputs, flags), version: io.version };
  await recordNetworkRehearsal(report, policies, answer, { ...outside, making });
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const shown =
    flags.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderRehearsal(report, { style, width });
  await writeOutput(shown, { file: flags.outputFile, quiet }, io);
  return isShown(report) ? 0 : 1;
}
