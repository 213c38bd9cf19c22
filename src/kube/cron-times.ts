// When a cron schedule fires next, and how to say it in words.

import type { CronField, CronFields, CronSchedule } from './cron.ts';

/** Minutes east of UTC that a clock shows at an instant (epoch milliseconds); a constant 0 for UTC. */
export type UtcOffset = (epochMs: number) => number;

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const yearsAhead = 5;

/** A clock in a zone that only moves forward. It follows robfig/cron's steps, so that days with a clock change agree. */
class ZonedClock {
  readonly #offset: UtcOffset;
  /** Once a larger unit moved on, the smaller ones have been set to their start. */
  #aligned = false;
  now: number;

  constructor(start: number, offset: UtcOffset) {
    this.now = start;
    this.#offset = offset;
  }

  /** The wall clock as a Date whose UTC fields are the local ones. */
  get wall(): Date {
    return new Date(this.now + this.#offset(this.now) * minuteMs);
  }

  /** The instant of a wall clock reading, as Go's time.Date picks it around a clock change. */
  #instantOf(wall: number): number {
    const guess = this.#offset(wall);
    const instant = wall - guess * minuteMs;
    const actual = this.#offset(instant);
    return actual === guess ? instant : wall - actual * minuteMs;
  }

  #setWall(month: number, day: number, hour = 0, minute = 0): void {
    const { wall } = this;
    const time = minute * minuteMs + (wall.getTime() % minuteMs);
    this.now = this.#instantOf(Date.UTC(wall.getUTCFullYear(), month, day, hour) + time);
  }

  #align(to: () => void): void {
    if (!this.#aligned) to();
    this.#aligned = true;
  }

  nextMonth(): void {
    this.#align(() => {
      this.now = this.#instantOf(Date.UTC(this.wall.getUTCFullYear(), this.wall.getUTCMonth(), 1));
    });
    const { wall } = this;
    this.#setWall(wall.getUTCMonth() + 1, wall.getUTCDate(), wall.getUTCHours(), wall.getUTCMinutes());
  }

  nextDay(): void {
    this.#align(() => {
      const { wall } = this;
      this.now = this.#instantOf(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()));
    });
    const { wall } = this;
    this.#setWall(wall.getUTCMonth(), wall.getUTCDate() + 1, wall.getUTCHours(), wall.getUTCMinutes());
    // Midnight may not exist on the day of a clock change.
    const hour = this.wall.getUTCHours();
    if (hour !== 0) this.now += (hour > 12 ? 24 - hour : -hour) * hourMs;
  }

  nextHour(): void {
    this.#align(() => {
      const { wall } = this;
      this.now = this.#instantOf(wall.getTime() - (wall.getTime() % hourMs));
    });
    this.now += hourMs;
  }

  nextMinute(): void {
    this.#align(() => {
      this.now -= this.now % minuteMs;
    });
    this.now += minuteMs;
  }

  nextSecond(): void {
    this.#align(() => undefined);
    this.now += secondMs;
  }
}

function dayMatches({ dayOfMonth, dayOfWeek }: CronFields, wall: Date): boolean {
  const monthDay = dayOfMonth.values.has(wall.getUTCDate());
  const weekDay = dayOfWeek.values.has(wall.getUTCDay());
  // Two restricted day fields are alternatives; with a star in one of them the other decides.
  return dayOfMonth.star || dayOfWeek.star ? monthDay && weekDay : monthDay || weekDay;
}

interface Stage {
  readonly matches: (fields: CronFields, wall: Date) => boolean;
  readonly advance: (clock: ZonedClock) => void;
  /** The unit wrapped around: all larger units have to be looked at again. */
  readonly wrapped: (wall: Date) => boolean;
}

const stages: readonly Stage[] = [
  {
    matches: ({ month }, wall) => month.values.has(wall.getUTCMonth() + 1),
    advance: (clock) => clock.nextMonth(),
    wrapped: (wall) => wall.getUTCMonth() === 0,
  },
  { matches: dayMatches, advance: (clock) => clock.nextDay(), wrapped: (wall) => wall.getUTCDate() === 1 },
  {
    matches: ({ hour }, wall) => hour.values.has(wall.getUTCHours()),
    advance: (clock) => clock.nextHour(),
    wrapped: (wall) => wall.getUTCHours() === 0,
  },
  {
    matches: ({ minute }, wall) => minute.values.has(wall.getUTCMinutes()),
    advance: (clock) => clock.nextMinute(),
    wrapped: (wall) => wall.getUTCMinutes() === 0,
  },
  {
    matches: (_, wall) => wall.getUTCSeconds() === 0,
    advance: (clock) => clock.nextSecond(),
    wrapped: (wall) => wall.getUTCSeconds() === 0,
  },
];

/** Moves the clock until one stage holds; false where the unit wrapped around and the search starts over. */
function settle(stage: Stage, fields: CronFields, clock: ZonedClock): boolean {
  while (!stage.matches(fields, clock.wall)) {
    stage.advance(clock);
    if (stage.wrapped(clock.wall)) return false;
  }
  return true;
}

/** The first time after an instant, in epoch milliseconds; `undefined` where there is none within five years. */
export function nextTime(schedule: CronSchedule, after: number, offset: UtcOffset): number | undefined {
  const start = Math.floor(after / secondMs) * secondMs;
  const { fields, everySeconds } = schedule;
  if (fields === undefined) return start + (everySeconds ?? 1) * secondMs;
  const clock = new ZonedClock(start + secondMs, offset);
  const lastYear = clock.wall.getUTCFullYear() + yearsAhead;
  while (clock.wall.getUTCFullYear() <= lastYear) {
    if (stages.every((stage) => settle(stage, fields, clock))) return clock.now;
  }
  return undefined;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function sorted({ values }: CronField): number[] {
  return [...values].toSorted((a, b) => a - b);
}

/** The step of a field that starts at 0 and divides its range evenly: 15 for 0, 15, 30, 45. */
function evenStep(field: CronField, size: number): number | undefined {
  const step = size / field.values.size;
  return Number.isInteger(step) && sorted(field).every((value, index) => value === index * step) ? step : undefined;
}

function every(step: number, unit: string): string {
  return step === 1 ? `every ${unit}` : `every ${step} ${unit}s`;
}

function describeTime({ minute, hour }: CronFields): string {
  const [minuteStep, hourStep] = [evenStep(minute, 60), evenStep(hour, 24)];
  if (hourStep === 1 && minuteStep !== undefined && minute.values.size > 1) return every(minuteStep, 'minute');
  const minutes = sorted(minute);
  if (hourStep !== undefined && hour.values.size > 1)
    return `${every(hourStep, 'hour')} at minute ${minutes.join(', ')}`;
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  if (minutes.length * hour.values.size <= 6) {
    const times = sorted(hour).flatMap((value) => minutes.map((m) => `${twoDigits(value)}:${twoDigits(m)}`));
    return `at ${times.join(', ')}`;
  }
  const ofHour = minuteStep === undefined ? `at minute ${minutes.join(', ')}` : every(minuteStep, 'minute');
  return `${ofHour} of hour ${sorted(hour).join(', ')}`;
}

function describeDays({ dayOfMonth, month, dayOfWeek }: CronFields): string {
  const monthDays = dayOfMonth.values.size === 31 ? '' : `day ${sorted(dayOfMonth).join(', ')} of the month`;
  const weekDays =
    dayOfWeek.values.size === 7
      ? ''
      : sorted(dayOfWeek)
          .map((day) => days[day] ?? '')
          .join(', ');
  const either = dayOfMonth.star || dayOfWeek.star ? ' if it is ' : ' or ';
  const both = [monthDays, weekDays].filter((text) => text !== '').join(either);
  const inMonths =
    month.values.size === 12
      ? ''
      : ` in ${sorted(month)
          .map((value) => months[value - 1] ?? '')
          .join(', ')}`;
  return `${both === '' ? '' : ` on ${both}`}${inMonths}`;
}

/** The schedule in words: `at 03:00 on Sunday`. */
export function describeCron({ fields, everySeconds, timeZone }: CronSchedule): string {
  const zone = timeZone === undefined ? '' : ` (${timeZone})`;
  if (fields === undefined) return every(everySeconds ?? 1, 'second') + zone;
  if (Object.values(fields).some(({ values }) => values.size === 0)) return 'never';
  return describeTime(fields) + describeDays(fields) + zone;
}
