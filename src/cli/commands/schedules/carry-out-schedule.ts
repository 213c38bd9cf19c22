// Makes a planned schedule: asks, applies its objects, gives the runs their credentials, and begins the first run.

import type { PlanOutcome } from '../../../app/plans/apply-plan.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import type { PlannedSchedule, ScheduleOrder } from '../../../app/schedules/schedule-order.ts';
import type { ScheduleRun } from '../../../backup/index.ts';
import type { Io } from '../../io.ts';
import { renderPlannedSchedule } from '../../reporters/schedules/plan.ts';
import { requireAgreement } from '../plans/agree.ts';
import { carryOutPlan, withOutside } from '../plans/carry-out-plan.ts';
import { type ChangeFlags, errorLookOf } from '../plans/change-flags.ts';

export interface CarriedOut {
  readonly outcome?: PlanOutcome;
  readonly run?: ScheduleRun;
}

async function giveCredentials(
  order: ScheduleOrder,
  planned: PlannedSchedule,
  flags: ChangeFlags,
  io: Io,
): Promise<void> {
  if (order.credentials.kind !== 'copy') return;
  const { copyCredentials } = await import('../../../app/schedules/store-credentials.ts');
  await withOutside(flags, io, (outside) => copyCredentials(order, planned, outside));
}

/** Velero begins a run as soon as it sees a new schedule, unless told not to. */
async function beginFirst(order: ScheduleOrder, planned: PlannedSchedule, flags: ChangeFlags, io: Io) {
  if (planned.isThere || order.paused || order.skipImmediately) return {};
  const { runSchedule } = await import('../../../app/schedules/run-schedule.ts');
  const { run } = await withOutside(flags, io, (outside) =>
    runSchedule({ cluster: order.cluster, name: order.name }, outside, () => Promise.resolve()),
  );
  return { run };
}

/** Nothing is done where the server refuses part of it: half a schedule makes no backups. Throws `not-agreed`. */
export async function carryOutSchedule(
  planned: PlannedSchedule,
  order: ScheduleOrder,
  flags: ChangeFlags,
  io: Io,
): Promise<CarriedOut> {
  const isNothing = planned.plan.steps.length === 0 && order.credentials.kind !== 'copy';
  if (planned.refused.length > 0 || isNothing) return {};
  const shown = renderPlannedSchedule(planned, errorLookOf(flags, io));
  const question = `${planned.isThere ? 'Change' : 'Make'} this schedule in ${planned.context}?`;
  await requireAgreement(question, shown, flags.yes ?? false, io);
  const apart = { ...flags, isApart: true };
  const outcome = await carryOutPlan(planned.plan, await findRecordRoot('.'), apart, io);
  if (outcome.journal.state !== 'applied') return { outcome };
  await giveCredentials(order, planned, flags, io);
  return { outcome, ...(await beginFirst(order, planned, flags, io)) };
}
