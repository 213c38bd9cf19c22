// What a cluster says of the runs of a schedule: a CronJob in its status, a Schedule of Velero in its backups. Files say nothing of runs.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';

/** What an object says of its runs: ISO times, '' for none. */
export interface Runs {
  readonly succeeded: string;
  /** How the newest run that is over went wrong; '' where it did not. */
  readonly trouble: string;
  readonly refusal: string;
  readonly isUnderWay: boolean;
  readonly evidence: string;
}

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

interface MadeBackup {
  readonly name: string;
  readonly phase: string;
  readonly time: string;
}

function madeBackup({ name, raw }: KubeObject): MadeBackup {
  const { phase, completionTimestamp, startTimestamp } = asObject(raw['status']);
  const time = asString(completionTimestamp) ?? asString(startTimestamp) ?? '';
  return { name, phase: asString(phase) ?? '', time };
}

/** The newest first. */
function backupsOf({ namespace, name }: KubeObject, inventory: Inventory): readonly MadeBackup[] {
  const isOf = ({ raw }: KubeObject): boolean =>
    asObject(asObject(raw['metadata'])['labels'])['velero.io/schedule-name'] === name;
  return viewOf(inventory)
    .objects('velero.io/Backup')
    .filter((each) => each.namespace === namespace && isOf(each))
    .map(madeBackup)
    .filter(({ phase }) => phase !== '')
    .toSorted((a, b) => b.time.localeCompare(a.time));
}

/** Who may not list backups, or whose backups have gone, knows no more than that one was begun. */
function runsBegun(lastBackup: string, refusal: string): Runs {
  const evidence = `lastBackup is ${lastBackup === '' ? 'missing' : lastBackup}`;
  return { succeeded: lastBackup, trouble: '', refusal, isUnderWay: false, evidence };
}

function runsMade(backups: readonly MadeBackup[], refusal: string): Runs {
  const newest = backups.find((each) => endings.has(each.phase));
  const completed = backups.find((each) => each.phase === 'Completed');
  const isBad = newest !== undefined && newest.phase !== 'Completed';
  return {
    succeeded: completed?.time ?? '',
    trouble: isBad ? `its backup "${newest.name}" is ${newest.phase}` : '',
    refusal,
    isUnderWay: backups.some((each) => !endings.has(each.phase)),
    evidence:
      completed === undefined
        ? 'no backup of it is Completed'
        : `the last one that is Completed is "${completed.name}"`,
  };
}

function runsOfVelero(schedule: KubeObject, inventory: Inventory): Runs {
  const { lastBackup, phase, validationErrors } = asObject(schedule.raw['status']);
  const errors = asArray(validationErrors).flatMap((each) => asString(each) ?? []);
  const refusal = phase === 'FailedValidation' ? (errors[0] ?? 'it is not valid') : '';
  const backups = backupsOf(schedule, inventory);
  return backups.length === 0 ? runsBegun(asString(lastBackup) ?? '', refusal) : runsMade(backups, refusal);
}

/** `2026-11-30 02:00 UTC`. */
export function tellTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** `undefined` where nobody tells of runs: of a file, or of a tool whose status is not known here. */
export function findRuns(schedule: KubeObject, inventory: Inventory): Runs | undefined {
  // A cluster where nobody writes a status has nobody who runs it.
  if (schedule.raw['status'] === undefined && schedule.source.origin.kind !== 'cluster') return undefined;
  if (schedule.group === 'batch') return runsOfCronJob(schedule);
  return schedule.group === 'velero.io' && schedule.kind === 'Schedule' ? runsOfVelero(schedule, inventory) : undefined;
}
