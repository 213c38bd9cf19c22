// Names of schedules and of what they make.

import { UserError } from '../../model/index.ts';

/** A CronJob appends a number to its name for a Job, and a backup is named after the schedule with a time behind it. */
const longest = 52;
const pattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Throws `UserError` for what no CronJob can be called. */
export function checkScheduleName(name: string): void {
  if (pattern.test(name) && name.length <= longest) return;
  const advice = `Names have small letters, digits and "-", begin and end with a letter or digit, and have at most ${longest} of them.`;
  throw new UserError('invalid-option', `${JSON.stringify(name)} cannot be the name of a schedule`, advice);
}

/** `nightly-20261129020000`, in UTC, as Velero names what a schedule makes. `now`: milliseconds since 1970. */
export function backupNameOf(schedule: string, now: number): string {
  return `${schedule}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
}
