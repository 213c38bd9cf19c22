// `network rollout`: the plan that closes the next namespace of a cluster, for `apply` and `undo`.

import { resolve } from 'node:path';
import { planRollout, type Rollout } from '../../app/network/plan-rollout.ts';
import { toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderPlan } from '../reporters/plan.ts';
import { writeOutput } from '../write-output.ts';
import { type EvidenceFlags, toPoliciesWish } from './network-policies.ts';
import { commandText, lookOf } from './plans/change-flags.ts';
import { agreeToSampling } from './traffic.ts';

export interface RolloutFlags extends EvidenceFlags {
  /** `text`, `json`, or the file that the plan is written to. */
  readonly output: string;
}

async function write({ plan, previews, refused }: Rollout, flags: RolloutFlags, io: Io): Promise<void> {
  const { output, outputFile: file, quiet } = flags;
  const json = `${JSON.stringify(plan, null, 2)}\n`;
  if (output === 'json') return await writeOutput(json, { file, quiet }, io);
  const text = renderPlan(plan, previews, lookOf(flags, io));
  if (output === 'text') return await writeOutput(text, { file, quiet }, io);
  await writeOutput(json, { file: resolve(output), quiet: true }, io);
  const next =
    plan.steps.length === 0 || refused.length > 0 ? '' : `\n  ${io.program} apply ${output} carries it out.\n\n`;
  await writeOutput(text + next, { file: undefined, quiet }, io);
}

/** Exit status 1 where the server refused a policy. */
export async function runNetworkRollout(flags: RolloutFlags, io: Io): Promise<number> {
  const cluster = toClusterOnlyWish(flags);
  const wish = {
    policies: toPoliciesWish([], flags),
    cluster,
    making: { command: commandText('network rollout', [], flags), version: io.version, now: io.now() },
  };
  const { stdin, environment, today } = io;
  const rollout = await withProgress(io, flags.quiet ?? false, (progress) =>
    planRollout(wish, {
      stdin,
      environment,
      today,
      progress,
      agree: (intent) => agreeToSampling(intent, flags, io),
    }),
  );
  for (const notice of rollout.answer.notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  await write(rollout, flags, io);
  return rollout.refused.length === 0 ? 0 : 1;
}
