// How long backups are kept: the numbers of a rule, and the periods of a calendar that they count.

import { UserError } from '../../model/index.ts';

export const periods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type Period = (typeof periods)[number];

export interface RetentionRule {
  /** The newest ones, whatever their time. */
  readonly last: number;
  /** Of each of the newest hours, days, … that have a backup, the newest. */
  readonly by: Readonly<Record<Period, number>>;
  /** Milliseconds: all that are not older; 0 for none. */
  readonly within: number;
  /** Zone of the calendar: `Europe/Berlin`. */
  readonly zone: string;
}

/** True where the rule keeps nothing by itself: somebody forgot to say what to keep. */
export function isEmptyRule({ last, by, within }: RetentionRule): boolean {
  return last === 0 && within === 0 && periods.every((period) => by[period] === 0);
}

/** Year, month, day and hour of an instant on the calendar of a zone. Throws `UserError` for a zone that nobody knows. */
function calendarOf(zone: string): (iso: string) => readonly [year: number, month: number, day: number, hour: number] {
  let format: Intl.DateTimeFormat;
  try {
    const numeric = 'numeric';
    const parts = { year: numeric, month: numeric, day: numeric, hour: numeric } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'iso8601', hourCycle: 'h23', ...parts });
  } catch (cause) {
    throw new UserError('invalid-option', `"${zone}" is not a time zone`, 'Write it as Europe/Berlin or UTC.', cause);
  }
  return (iso) => {
    const parts = new Map(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return [part('year'), part('month'), part('day'), part('hour')];
  };
}

const day = 86_400_000;

/** The Thursday of a week decides which year it belongs to (ISO 8601); its number of days since 1970 names the week. */
function weekOf(year: number, month: number, dayOfMonth: number): number {
  const days = Date.UTC(year, month - 1, dayOfMonth) / day;
  const fromMonday = (days + 3) % 7;
  return days - fromMonday + 3;
}

/** What two instants have in common where they lie in the same hour, day, … of a zone. */
export function periodsOf(zone: string): (iso: string) => Readonly<Record<Period, string>> {
  const calendar = calendarOf(zone);
  return (iso) => {
    const [year, month, dayOfMonth, hour] = calendar(iso);
    return {
      hourly: `${year}-${month}-${dayOfMonth} ${hour}`,
      daily: `${year}-${month}-${dayOfMonth}`,
      weekly: `week of ${weekOf(year, month, dayOfMonth)}`,
      monthly: `${year}-${month}`,
      yearly: `${year}`,
    };
  };
}
