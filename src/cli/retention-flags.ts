// The rule that options about how long backups are kept make.

import { isEmptyRule, type RetentionRule } from '../backup/index.ts';
import { parseGoDuration } from '../kube/durations.ts';
import { UserError } from '../model/index.ts';

export interface RetentionFlags {
  readonly keepLast?: string;
  readonly keepHourly?: string;
  readonly keepDaily?: string;
  readonly keepWeekly?: string;
  readonly keepMonthly?: string;
  readonly keepYearly?: string;
  readonly keepWithin?: string;
  readonly timeZone?: string;
}

function countOf(option: string, text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError('invalid-option', `--keep-${option} is a number, not "${text}"`, 'Write it as 7.');
}

const day = 86_400_000;

/** Milliseconds; days too, which Go's durations do not have. */
function ageOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const days = /^(\d{1,6})d$/.exec(text)?.[1];
  if (days !== undefined) return Number(days) * day;
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0n) return Number(nanoseconds / 1_000_000n);
  throw new UserError('invalid-option', `"${text}" is not an age`, 'Write it as 30d or 36h.');
}

/** Throws `UserError`. */
export function toRetentionRule(flags: RetentionFlags): RetentionRule {
  return {
    last: countOf('last', flags.keepLast),
    by: {
      hourly: countOf('hourly', flags.keepHourly),
      daily: countOf('daily', flags.keepDaily),
      weekly: countOf('weekly', flags.keepWeekly),
      monthly: countOf('monthly', flags.keepMonthly),
      yearly: countOf('yearly', flags.keepYearly),
    },
    within: ageOf(flags.keepWithin),
    zone: flags.timeZone ?? 'UTC',
  };
}

/** The same words for a program elsewhere; `zone` is that of the calendar where none is named. Throws `UserError`. */
export function retentionWords(flags: RetentionFlags, zone: string): string[] {
  if (isEmptyRule(toRetentionRule(flags))) return [];
  const { keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly, keepWithin, timeZone } = flags;
  const options: readonly (readonly [string, string | undefined])[] = [
    ['--keep-last', keepLast],
    ['--keep-hourly', keepHourly],
    ['--keep-daily', keepDaily],
    ['--keep-weekly', keepWeekly],
    ['--keep-monthly', keepMonthly],
    ['--keep-yearly', keepYearly],
    ['--keep-within', keepWithin],
    ['--time-zone', timeZone ?? zone],
  ];
  return options.flatMap(([option, value]) => (value === undefined ? [] : [option, value]));
}
