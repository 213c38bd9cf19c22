// `fix --context`: what would be changed in a cluster, with the server's own answers; done where somebody agrees.

import { parseChoice } from '../../../app/fix/choices.ts';
import type { ClusterFix } from '../../../app/plans/cluster/fix-cluster.ts';
import type { PlanOutcome } from '../../../app/plans/apply-plan.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { renderJson } from '../../../model/index.ts';
import { toClusterOnlyWish, toReadWish } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderClusterFix, renderOutcome } from '../../reporters/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { type FixFlags, toTarget } from '../fix-flags.ts';
import { requireAgreement } from './agree.ts';
import { carryOutPlan, withOutside } from './carry-out-plan.ts';
import { commandText, errorLookOf, lookOf } from './change-flags.ts';

/** The plan for the findings of some checks in a cluster; of all where none is named. */
export async function planForCluster(
  checks: readonly string[],
  flags: FixFlags,
  io: Io,
  command: string,
): Promise<ClusterFix> {
  const { planClusterFix } = await import('../../../app/plans/cluster/fix-cluster.ts');
  const wish = {
    ...toReadWish([], flags),
    cluster: toClusterOnlyWish(flags),
    only: checks.length === 0 ? undefined : checks,
    choices: (flags.choose ?? []).map(parseChoice),
    to: toTarget(flags.to),
    about: flags.report?.about,
    takeOver: flags.takeOver ?? [],
    making: { command: commandText(command, checks, flags), version: io.version, now: io.now() },
  };
  return await withOutside(flags, io, (outside) => planClusterFix(wish, outside));
}

function render(fix: ClusterFix, outcome: PlanOutcome | undefined, flags: FixFlags, io: Io): string {
  if (flags.output === 'json') return `${renderJson({ ...fix, ...(outcome === undefined ? {} : { outcome }) }, 2)}\n`;
  if (flags.output === 'diff') return fix.previews.map(({ diff }) => diff).join('');
  const look = lookOf(flags, io);
  // Who was asked has seen the plan already.
  if (outcome !== undefined)
    return (flags.yes === true ? renderClusterFix(fix, look) : '') + renderOutcome(outcome, look);
  const advice = fix.plan.steps.length === 0 ? '' : `  ${io.program} fix --write, with the same words, does this.\n\n`;
  return renderClusterFix(fix, look) + advice;
}

async function apply(fix: ClusterFix, flags: FixFlags, io: Io): Promise<PlanOutcome> {
  const shown = renderClusterFix(fix, errorLookOf(flags, io));
  await requireAgreement(`Change ${fix.context}?`, shown, flags.yes ?? false, io);
  const outcome = await carryOutPlan(fix.plan, await findRecordRoot('.'), flags, io);
  const { recordClusterFix } = await import('../../../app/plans/cluster/record-cluster-fix.ts');
  await withOutside(flags, io, (outside) => recordClusterFix(fix, outcome, outside));
  return outcome;
}

/** Exit status 1 where changes wait for an agreement, or had to be taken back. */
export async function runClusterFix(checks: readonly string[], flags: FixFlags, io: Io): Promise<number> {
  const fix = await planForCluster(checks, flags, io, 'fix');
  const isWanted = flags.write === true && fix.plan.steps.length > 0 && fix.proof.opened.length === 0;
  const outcome = isWanted ? await apply(fix, flags, io) : undefined;
  await writeOutput(render(fix, outcome, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return fix.plan.steps.length === 0 || outcome?.journal.state === 'applied' ? 0 : 1;
}
