// Makes a planned schedule: asks, applies its objects, gives the runs their credentials, and begins the first run.

import type { PlanOutcome } from '../../../app/plans/apply-plan.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { renderDocument } from '../../../app/exports/render-document.ts';
import type { RunsOrder, ScheduleChange, ScheduleOutlook } from '../../../app/schedules/schedule-order.ts';
import type { ScheduleRun } from '../../../backup/index.ts';
import type { JsonObject } from '../../../model/index.ts';
import type { Io } from '../../io.ts';
import { type PlanLook, renderOutcome } from '../../reporters/plan.ts';
import { renderBegun } from '../../reporters/schedules/run.ts';
import { writeOutput } from '../../write-output.ts';
import { requireAgreement } from '../plans/agree.ts';
import { carryOutPlan, withOutside } from '../plans/carry-out-plan.ts';
import { errorLookOf, lookOf } from '../plans/change-flags.ts';
import type { RunsFlags } from './runs-flags.ts';

/** A schedule of whatever kind, planned. */
type Planned = ScheduleChange & {
  readonly objects: readonly JsonObject[];
  readonly outlook: Pick<ScheduleOutlook, 'credentials'>;
};

/** The type of the plan goes with how it is shown. */
export interface Making<P extends Planned> {
  readonly planned: P;
  readonly order: RunsOrder;
  readonly render: (planned: P, look: PlanLook) => string;
  readonly toJson: (planned: P, done: Done) => object;
}

/** What came of it. */
export interface Done {
  readonly outcome?: PlanOutcome;
  /** The first run, which Velero begins at once, too. */
  readonly run?: ScheduleRun;
}

async function giveCredentials(order: RunsOrder, planned: Planned, flags: RunsFlags, io: Io): Promise<void> {
  if (order.credentials.kind !== 'copy') return;
  const { copyCredentials } = await import('../../../app/schedules/store-credentials.ts');
  await withOutside(flags, io, (outside) => copyCredentials(order, planned, outside));
}

/** Velero begins a run as soon as it sees a new schedule, unless told not to. */
async function beginFirst(order: RunsOrder, planned: Planned, flags: RunsFlags, io: Io) {
  if (planned.isThere || order.paused || order.skipImmediately) return {};
  const { runSchedule } = await import('../../../app/schedules/run-schedule.ts');
  const { run } = await withOutside(flags, io, (outside) =>
    runSchedule({ cluster: order.cluster, name: order.name }, outside, () => Promise.resolve()),
  );
  return { run };
}

/** Nothing is done where the server refuses part of it: half a schedule makes no backups. Throws `not-agreed`. */
async function carryOut<P extends Planned>(
  { planned, order, render }: Making<P>,
  flags: RunsFlags,
  io: Io,
): Promise<Done> {
  const isNothing = planned.plan.steps.length === 0 && order.credentials.kind !== 'copy';
  if (planned.refused.length > 0 || isNothing) return {};
  const shown = render(planned, errorLookOf(flags, io));
  const question = `${planned.isThere ? 'Change' : 'Make'} this schedule in ${planned.context}?`;
  await requireAgreement(question, shown, flags.yes ?? false, io);
  const apart = { ...flags, isApart: true };
  const outcome = await carryOutPlan(planned.plan, await findRecordRoot('.'), apart, io);
  if (outcome.journal.state !== 'applied') return { outcome };
  await giveCredentials(order, planned, flags, io);
  return { outcome, ...(await beginFirst(order, planned, flags, io)) };
}

/** The objects in one text, with what is not among them told above. */
function yamlOf({ objects, outlook, namespace }: Planned): string {
  const { credentials } = outlook;
  const secret =
    credentials?.isMade === true
      ? `# Not in this file: Secret ${namespace}/${credentials.secret} with the keys ${credentials.keys.join(', ')}.\n`
      : '';
  return secret + objects.map(renderDocument).join('---\n');
}

function textOf<P extends Planned>(
  { planned, render, toJson }: Making<P>,
  done: Done,
  flags: RunsFlags,
  io: Io,
): string {
  if (flags.output === 'yaml') return yamlOf(planned);
  if (flags.output === 'json') return `${JSON.stringify(toJson(planned, done), null, 2)}\n`;
  const look = lookOf(flags, io);
  const { namespace, name } = planned;
  const { outcome, run } = done;
  return [
    // Who was asked has seen the plan already.
    outcome === undefined || flags.yes === true ? render(planned, look) : '',
    outcome === undefined ? '' : renderOutcome(outcome, look),
    run === undefined ? '' : renderBegun({ namespace, name, run }, flags.context ?? '.', look),
  ].join('');
}

/** Exit status 1 where something of it was refused, or had to be taken back. */
export async function makeSchedule<P extends Planned>(making: Making<P>, flags: RunsFlags, io: Io): Promise<number> {
  const { planned } = making;
  const done = flags.dryRun === true ? {} : await carryOut(making, flags, io);
  await writeOutput(textOf(making, done, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  const isDone = flags.dryRun === true || done.outcome?.journal.state === 'applied' || planned.plan.steps.length === 0;
  return planned.refused.length === 0 && isDone ? 0 : 1;
}
