// Names and labels of a schedule's objects: by them they are found again, and nothing else is ever taken for one of them.

import { backupNote, policiesNote, scheduleMark } from '../../kube/backup-schedule.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';

/** Where the CronJob is, on objects in other namespaces. */
const homeMark = 'nowwhat.dev/schedule-namespace';

export { backupNote, policiesNote, scheduleMark };

export interface ScheduleName {
  /** Where it runs. */
  readonly namespace: string;
  readonly name: string;
}

/** A CronJob appends a number to its name for a Job, and a backup is named after the schedule with a time behind it. */
const longest = 52;
const pattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Throws `UserError` for what no CronJob can be called. */
export function checkScheduleName(name: string): void {
  if (pattern.test(name) && name.length <= longest) return;
  const advice = `Names have small letters, digits and "-", begin and end with a letter or digit, and have at most ${longest} of them.`;
  throw new UserError('invalid-option', `${JSON.stringify(name)} cannot be the name of a schedule`, advice);
}

/** Of its account, its Secret and its policy, beside the CronJob. */
export function ownName({ name }: ScheduleName): string {
  return `nowwhat-schedule-${name}`;
}

/** Of roles and bindings: those of two schedules of one name may meet in a namespace. */
export function roleName({ namespace, name }: ScheduleName): string {
  return `nowwhat:schedule:${namespace}:${name}`;
}

export function labelsOf({ namespace, name }: ScheduleName): JsonObject {
  return {
    'app.kubernetes.io/name': 'nowwhat-schedule',
    'app.kubernetes.io/managed-by': 'nowwhat',
    [scheduleMark]: name,
    [homeMark]: namespace,
  };
}

/** Whether an object belongs to the schedule. */
export function isOf({ namespace, name }: ScheduleName, { metadata }: JsonObject): boolean {
  const labels = asObject(asObject(metadata)['labels']);
  return asString(labels[scheduleMark]) === name && asString(labels[homeMark]) === namespace;
}

/** `nightly-20261129020000`, in UTC, as Velero names what a schedule makes. `now`: milliseconds since 1970. */
export function backupNameOf(schedule: string, now: number): string {
  return `${schedule}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
}
