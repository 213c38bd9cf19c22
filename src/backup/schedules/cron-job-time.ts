// When a schedule of Velero runs, said as a CronJob says it: five fields and a time zone beside them.

import { formatCron, parseCron } from '../../kube/cron.ts';
import type { CronJobTime } from '../../kube/next-runs.ts';
import { UserError } from '../../model/index.ts';

const utc = 'Etc/UTC';
const minute = 60;
const hour = 60 * minute;

/** The distances that five fields can keep exactly, in seconds, with what says them. Longer ones end at the month's. */
const exact: ReadonlyMap<number, string> = new Map([
  [minute, '* * * * *'],
  ...[2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((each) => [each * minute, `*/${each} * * * *`] as const),
  [hour, '0 * * * *'],
  ...[2, 3, 4, 6, 8, 12].map((each) => [each * hour, `0 */${each} * * *`] as const),
  [24 * hour, '0 0 * * *'],
  [7 * 24 * hour, '0 0 * * 0'],
]);

function refuse(text: string, why: string, advice: string): UserError {
  return new UserError('invalid-option', `the schedule "${text}": ${why}`, advice);
}

function durationText(seconds: number): string {
  return seconds % hour === 0 ? `${seconds / hour}h` : `${seconds / minute}m`;
}

function everyTime(text: string, seconds: number): string {
  const found = exact.get(seconds);
  if (found !== undefined) return found;
  const all = [...exact.keys()];
  const near = [all.findLast((each) => each < seconds), all.find((each) => each > seconds)];
  const choices = near.filter((each) => each !== undefined).map((each) => `@every ${durationText(each)}`);
  throw refuse(text, 'no CronJob can keep that distance exactly', `The nearest that can: ${choices.join(' or ')}.`);
}

function checkZone(text: string, zone: string): void {
  try {
    // Go knows "Local" too, and the API server refuses it.
    if (zone !== 'Local') return void new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    // Told below.
  }
  throw refuse(text, `"${zone}" is not a time zone`, 'Write it as CRON_TZ=Europe/Berlin 0 2 * * *.');
}

/** The fields as the user wrote them; macros as fields. */
function fieldsOf(text: string): string {
  const body = text.replace(/^(?:CRON_)?TZ=\S*\s+/, '').trim();
  if (!body.startsWith('@')) return body.split(/\s+/).join(' ');
  const parsed = parseCron(body);
  return parsed.valid ? formatCron(parsed) : body;
}

/** From `0 2 * * *`, `CRON_TZ=Europe/Berlin @daily`, `@every 6h`: what Velero 1.18 takes. Throws `UserError` for what no CronJob can say. */
export function toCronJobTime(text: string): CronJobTime {
  const parsed = parseCron(text.trim());
  if (!parsed.valid) throw refuse(text, parsed.reason, 'Write minute, hour, day of month, month and day of week.');
  const { everySeconds, timeZone = utc } = parsed;
  checkZone(text, timeZone);
  // A day that an hour is added to is no day of 24 hours: distances are those of UTC.
  if (everySeconds !== undefined) return { schedule: everyTime(text, everySeconds), timeZone: utc };
  return { schedule: fieldsOf(text.trim()), timeZone: timeZone === 'UTC' ? utc : timeZone };
}
