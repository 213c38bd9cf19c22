// `schedule pause`, `unpause` and `delete`: shown first, done where somebody agrees.

import type { PlanOutcome } from '../../../app/plans/apply-plan.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import type { PlannedChange } from '../../../app/schedules/change-schedule.ts';
import { toClusterOnlyWish } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderOutcome } from '../../reporters/plan.ts';
import { renderScheduleChange } from '../../reporters/schedules/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { requireAgreement } from '../plans/agree.ts';
import { carryOutPlan, withOutside } from '../plans/carry-out-plan.ts';
import { type ChangeFlags, errorLookOf, lookOf } from '../plans/change-flags.ts';

export interface ScheduleChangeFlags extends ChangeFlags {
  readonly skipImmediately?: boolean;
  readonly takeOver?: readonly string[];
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

async function plan(
  action: PlannedChange['action'] & ('pause' | 'unpause' | 'delete'),
  name: string,
  flags: ScheduleChangeFlags,
  io: Io,
): Promise<PlannedChange> {
  const { planScheduleChange } = await import('../../../app/schedules/change-schedule.ts');
  const wish = {
    cluster: toClusterOnlyWish(flags),
    name,
    action,
    skipImmediately: flags.skipImmediately === true,
    takeOver: flags.takeOver ?? [],
    making: { command: `nowwhat schedule ${action} ${name}`, version: io.version, now: io.now() },
  };
  return await withOutside(flags, io, (outside) => planScheduleChange(wish, outside));
}

const questions = { create: '', pause: 'Pause it?', unpause: 'Let it go on?', delete: 'Delete it?' } as const;

async function carryOut(planned: PlannedChange, flags: ScheduleChangeFlags, io: Io): Promise<PlanOutcome | undefined> {
  const { plan: steps, refused, action } = planned;
  if (flags.dryRun === true || steps.steps.length === 0 || refused.length > 0) return undefined;
  const shown = renderScheduleChange(planned, errorLookOf(flags, io));
  await requireAgreement(questions[action], shown, flags.yes ?? false, io);
  return await carryOutPlan(planned.plan, await findRecordRoot('.'), { ...flags, isApart: true }, io);
}

function textOf(planned: PlannedChange, outcome: PlanOutcome | undefined, flags: ScheduleChangeFlags, io: Io): string {
  const done = outcome === undefined ? {} : { outcome };
  if (flags.output === 'json')
    return `${JSON.stringify({ schema: 'nowwhat.dev/schedule-change/v1', ...planned, ...done }, null, 2)}\n`;
  const look = lookOf(flags, io);
  // Who was asked has seen it already.
  const shown = outcome === undefined || flags.yes === true ? renderScheduleChange(planned, look) : '';
  return outcome === undefined ? shown : shown + renderOutcome(outcome, look);
}

/** Exit status 1 where something of it was refused, or had to be taken back. */
export async function runChangeSchedule(
  action: 'pause' | 'unpause' | 'delete',
  name: string,
  flags: ScheduleChangeFlags,
  io: Io,
): Promise<number> {
  const planned = await plan(action, name, flags, io);
  const outcome = await carryOut(planned, flags, io);
  await writeOutput(textOf(planned, outcome, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  const isDone = flags.dryRun === true || planned.plan.steps.length === 0 || outcome?.journal.state === 'applied';
  return planned.refused.length === 0 && isDone ? 0 : 1;
}
