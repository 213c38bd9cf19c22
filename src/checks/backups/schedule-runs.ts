// What a cluster says of the runs of a schedule: a CronJob in its status, a Schedule of Velero in its backups, other tools in words of their own. Files say nothing of runs.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { type MadeRun, type Runs, runsMade, tellTime } from './runs.ts';
import { findToolRuns } from './tool-runs.ts';

function runsOfCronJob({ raw }: KubeObject): Runs {
  const { lastScheduleTime, lastSuccessfulTime, active } = asObject(raw['status']);
  const [begun, succeeded] = [asString(lastScheduleTime) ?? '', asString(lastSuccessfulTime) ?? ''];
  const isUnderWay = asArray(active).length > 0;
  const trouble = begun > succeeded && !isUnderWay ? `the run of ${tellTime(begun)} failed` : '';
  const evidence = succeeded === '' ? 'status has no lastSuccessfulTime' : `lastSuccessfulTime is ${succeeded}`;
  return { succeeded, trouble, refusal: '', isUnderWay, evidence };
}

/** Of Velero's backups that are over. Source: Velero 1.18, `BackupPhase`. */
const endings: ReadonlySet<string> = new Set(['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation']);

function toMadeRun({ name, raw }: KubeObject): MadeRun[] {
  const { phase, completionTimestamp, startTimestamp } = asObject(raw['status']);
  const said = asString(phase) ?? '';
  if (said === '') return [];
  const over = endings.has(said) ? 'failed' : 'under way';
  const time = asString(completionTimestamp) ?? asString(startTimestamp) ?? '';
  return [{ title: `backup "${name}"`, phase: said, outcome: said === 'Completed' ? 'succeeded' : over, time }];
}

function backupsOf({ namespace, name }: KubeObject, inventory: Inventory): readonly MadeRun[] {
  const isOf = ({ raw }: KubeObject): boolean =>
    asObject(asObject(raw['metadata'])['labels'])['velero.io/schedule-name'] === name;
  return viewOf(inventory)
    .objects('velero.io/Backup')
    .filter((each) => each.namespace === namespace && isOf(each))
    .flatMap(toMadeRun);
}

/** Who may not list backups, or whose backups have gone, knows no more than that one was begun. */
function runsBegun(lastBackup: string, refusal: string): Runs {
  const evidence = `lastBackup is ${lastBackup === '' ? 'missing' : lastBackup}`;
  return { succeeded: lastBackup, trouble: '', refusal, isUnderWay: false, evidence };
}

function runsOfVelero(schedule: KubeObject, inventory: Inventory): Runs {
  const { lastBackup, phase, validationErrors } = asObject(schedule.raw['status']);
  const errors = asArray(validationErrors).flatMap((each) => asString(each) ?? []);
  const refusal = phase === 'FailedValidation' ? (errors[0] ?? 'it is not valid') : '';
  const backups = backupsOf(schedule, inventory);
  return backups.length === 0
    ? runsBegun(asString(lastBackup) ?? '', refusal)
    : runsMade(backups, { refusal, success: 'Completed' });
}

/** Longhorn runs a RecurringJob by a CronJob of the same name. Source: longhorn-manager, RecurringJobController. */
function runsOfLonghorn({ namespace, name }: KubeObject, inventory: Inventory): Runs | undefined {
  const runner = viewOf(inventory)
    .objects('batch/CronJob')
    .find((each) => each.namespace === namespace && each.name === name);
  return runner && runsOfCronJob(runner);
}

/** `undefined` where nobody tells of runs: of a file, or of a tool whose status is not known here. */
export function findRuns(schedule: KubeObject, inventory: Inventory): Runs | undefined {
  // A cluster where nobody writes a status has nobody who runs it.
  if (schedule.raw['status'] === undefined && schedule.source.origin.kind !== 'cluster') return undefined;
  switch (`${schedule.group}/${schedule.kind}`) {
    case 'batch/CronJob':
      return runsOfCronJob(schedule);
    case 'velero.io/Schedule':
      return runsOfVelero(schedule, inventory);
    case 'longhorn.io/RecurringJob':
      return runsOfLonghorn(schedule, inventory);
    default:
      return findToolRuns(schedule, inventory);
  }
}
