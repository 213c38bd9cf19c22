// `network rehearse`: shows what it would make and try, does it where somebody agrees, and tells whether the prediction held.

import {
  type PreparedRehearsal,
  prepareRehearsal,
  type RehearsalReport,
  type RehearsalWish,
} from '../../app/network/rehearse-network.ts';
import { recordNetworkRehearsal } from '../../app/network/record-policies.ts';
import { gatherPassing } from '../../app/passing.ts';
import type { SamplingIntent } from '../../app/traffic/traffic.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderRehearsal, renderRehearsalPlan } from '../reporters/network-rehearsal.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';
import { commandText } from './plans/change-flags.ts';
import { type EvidenceFlags, evidenceWords, toPoliciesWish } from './network-policies.ts';
import { agreeToSampling } from './traffic.ts';

export interface RehearseFlags extends EvidenceFlags {
  readonly output: 'text' | 'json';
  readonly on?: string;
  readonly image: string;
  readonly forbidden: string;
  readonly plan?: boolean;
}

const asked = {
  question: 'Go on?',
  refusal: 'nothing was made',
  advice: 'Look at the plan with --plan, or leave it.',
};

async function run(prepared: PreparedRehearsal, io: Io): Promise<RehearsalReport> {
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
  if (on === undefined)
    throw new UserError('invalid-option', 'no cluster was named to rehearse on', 'Name its context with --on.');
  const named = kubeconfig === undefined ? {} : { kubeconfig };
  const reading = flags.context === undefined ? rest : flags;
  return {
    policies: toPoliciesWish(inputs, reading),
    cluster: toClusterOnlyWish({ ...rest, ...named, context: on }),
    image: flags.image,
    mostForbidden: parseMost(flags.forbidden),
  };
}

function commandOf(inputs: readonly string[], flags: RehearseFlags): string {
  const { on, image, forbidden } = flags;
  const place = on === undefined ? [] : ['--on', on];
  const words = [...inputs, ...evidenceWords(flags), ...place, '--image', image, '--forbidden', forbidden];
  return commandText('network rehearse', words, flags);
}

/** Exit status 1 where the rehearsal does not count, or anything came out otherwise than predicted. */
export async function runNetworkRehearse(inputs: readonly string[], flags: RehearseFlags, io: Io): Promise<number> {
  const wish = toWish(inputs, flags);
  const { stdin, environment, today } = io;
  const quiet = flags.quiet ?? false;
  let tell: (what: string) => void = () => undefined;
  const progress = (what: string): void => tell(what);
  const outside = {
    stdin,
    environment,
    today,
    progress,
    agree: (intent: SamplingIntent) => agreeToSampling(intent, flags, io),
  };
  const prepared = await withProgress(io, quiet, (say) => {
    tell = say;
    return prepareRehearsal(wish, outside);
  });
  const width = parseWidth(flags.width, io.width);
  const text = renderRehearsalPlan(prepared, flags.image, { style: io.errorStyle, width });
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
  await recordNetworkRehearsal(report, wish.policies, prepared.answer, { ...outside, making });
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const shown =
    flags.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderRehearsal(report, { style, width });
  await writeOutput(shown, { file: flags.outputFile, quiet }, io);
  return report.counts && report.surprises.length === 0 ? 0 : 1;
}
