// When a CronJob, or a schedule of Velero, runs next, in its own time zone.

import { asObject, asString, type JsonObject } from '../model/index.ts';
import { type CronFields, type CronSchedule, parseCron } from './cron.ts';

/** As in the spec of a CronJob. */
export interface CronJobTime {
  /** Five fields. */
  readonly schedule: string;
  /** A name of the IANA's; always said, because a controller's own zone is anybody's guess. */
  readonly timeZone: string;
}

/** When an object with `spec.schedule` runs: a CronJob, or a Schedule of Velero, which may have its zone in front, macros and `@every`. */
export function timeOf(object: JsonObject): CronJobTime {
  const { schedule, timeZone } = asObject(object['spec']);
  return { schedule: asString(schedule) ?? '', timeZone: asString(timeZone) ?? 'Etc/UTC' };
}

const minute = 60_000;
const day = 86_400_000;
/** Nothing comes for so long only where nothing ever comes, as on 30 February: robfig/cron gives up there, too. */
const mostDays = 5 * 366;

/** Milliseconds that clocks of a zone are ahead of UTC at an instant. */
function offsetsOf(timeZone: string): (instant: number) => number {
  const numeric = 'numeric';
  const parts = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', hourCycle: 'h23', ...parts });
  return (instant) => {
    const found = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => found.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(instant / 1000) * 1000;
  };
}

/** Both day fields must fit, unless both are restricted: then one of them is enough. */
function fitsDay({ month, dayOfMonth, dayOfWeek }: CronFields, wall: Date): boolean {
  if (!month.values.has(wall.getUTCMonth() + 1)) return false;
  const fits = [dayOfMonth.values.has(wall.getUTCDate()), dayOfWeek.values.has(wall.getUTCDay())] as const;
  return dayOfMonth.star || dayOfWeek.star ? fits[0] && fits[1] : fits[0] || fits[1];
}

/** Instants at which clocks show a time: none where it is skipped in spring, two where it comes twice in autumn. */
function instantsOf(wall: number, offsets: readonly number[], offsetAt: (instant: number) => number): number[] {
  return offsets.map((offset) => wall - offset).filter((instant) => instant + offsetAt(instant) === wall);
}

/** All runs of the day whose midnight is `midnight` on the clock, as instants, in order. */
function runsOfDay(
  { hour, minute: minutes }: CronFields,
  midnight: number,
  offsetAt: (at: number) => number,
): number[] {
  const offsets = [...new Set([offsetAt(midnight - day), offsetAt(midnight + 2 * day)])];
  const walls = [...hour.values].flatMap((h) => [...minutes.values].map((m) => midnight + (h * 60 + m) * minute));
  const [only] = offsets;
  const runs =
    offsets.length === 1 && only !== undefined
      ? walls.map((wall) => wall - only)
      : walls.flatMap((wall) => instantsOf(wall, offsets, offsetAt));
  return runs.toSorted((a, b) => a - b);
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function runsOfFields(fields: CronFields, timeZone: string, after: number, count: number): number[] {
  const offsetAt = offsetsOf(timeZone);
  const wall = after + offsetAt(after);
  const today = wall - (((wall % day) + day) % day);
  const found: number[] = [];
  for (let index = 0; index < mostDays && found.length < count; index += 1) {
    const midnight = today + index * day;
    if (!fitsDay(fields, new Date(midnight))) continue;
    found.push(...runsOfDay(fields, midnight, offsetAt).filter((run) => run > after));
  }
  return found.slice(0, count);
}

function runsOf({ fields, everySeconds = 1 }: CronSchedule, timeZone: string, after: number, count: number): number[] {
  if (fields !== undefined) return isZone(timeZone) ? runsOfFields(fields, timeZone, after, count) : [];
  const start = Math.floor(after / 1000) * 1000;
  return Array.from({ length: count }, (_, index) => start + (index + 1) * everySeconds * 1000);
}

/**
 * ISO times of the next runs after an instant, in milliseconds since 1970; `@every` counts from that instant. As the CronJob controller's
 * robfig/cron v3 finds them. None for what is no schedule, and for a zone that nobody knows.
 */
export function nextRuns({ schedule, timeZone }: CronJobTime, after: number, count: number): readonly string[] {
  const parsed = parseCron(schedule);
  const runs = parsed.valid ? runsOf(parsed, parsed.timeZone ?? timeZone, after, count) : [];
  return runs.map((run) => new Date(run).toISOString().replace('.000Z', 'Z'));
}
