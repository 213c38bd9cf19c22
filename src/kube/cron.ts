// Cron schedules as Kubernetes' CronJobs read them: five fields, macros, `@every`, a time zone in front.

import { parseGoDuration } from './durations.ts';

/** The values a field allows. `star` is robfig's mark of an unrestricted field, which decides how the two day fields combine. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

export interface CronFields {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly dayOfMonth: CronField;
  readonly month: CronField;
  /** 0 is Sunday; 7 does not exist. */
  readonly dayOfWeek: CronField;
}

export interface CronSchedule {
  readonly valid: true;
  /** Zone of a `TZ=` or `CRON_TZ=` prefix; Kubernetes wants `spec.timeZone` instead. */
  readonly timeZone?: string;
  /** Left out for `@every`. */
  readonly fields?: CronFields;
  /** `@every` only: at least one second. */
  readonly everySeconds?: number;
}

export interface InvalidCron {
  readonly valid: false;
  readonly reason: string;
}

interface Bounds {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const cronBounds = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  dayOfMonth: { name: 'day of month', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12, names: monthNames },
  dayOfWeek: { name: 'day of week', min: 0, max: 6, names: dayNames },
} as const satisfies Record<keyof CronFields, Bounds>;

const macros: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

const invalid = (reason: string): InvalidCron => ({ valid: false, reason });

/** Raised inside this file only; the public function turns it into a reason. */
class CronProblem extends Error {}

function parseNumber(text: string, { name, min, names }: Bounds): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  if (index !== -1) return index + min;
  if (!/^\+?[0-9]{1,18}$/.test(text)) throw new CronProblem(`${name}: "${text}" is not a number`);
  return Number(text);
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly isAny: boolean;
}

function parseBase(text: string, hasStep: boolean, bounds: Bounds): Range {
  const [low = '', high, ...more] = text.split('-');
  if (low === '*' || low === '?') return { start: bounds.min, end: bounds.max, isAny: true };
  if (more.length > 0) throw new CronProblem(`${bounds.name}: "${text}" has too many hyphens`);
  const start = parseNumber(low, bounds);
  if (high !== undefined) return { start, end: parseNumber(high, bounds), isAny: false };
  return { start, end: hasStep ? bounds.max : start, isAny: false };
}

function parseStep(text: string | undefined, name: string): number {
  if (text === undefined) return 1;
  const step = parseNumber(text, { name, min: 0, max: 0 });
  if (step === 0) throw new CronProblem(`${name}: a step must not be 0`);
  return step;
}

function checkRange({ start, end }: Range, { name, min, max }: Bounds): void {
  if (start < min) throw new CronProblem(`${name}: ${start} is below ${min}`);
  if (end > max) throw new CronProblem(`${name}: ${end} is above ${max}`);
  if (start > end) throw new CronProblem(`${name}: ${start} is beyond ${end}`);
}

function parseField(text: string, bounds: Bounds): CronField {
  const values = new Set<number>();
  let star = false;
  for (const expression of text.split(',').filter((piece) => piece !== '')) {
    const [base = '', stepText, ...more] = expression.split('/');
    if (more.length > 0) throw new CronProblem(`${bounds.name}: "${expression}" has too many slashes`);
    const range = parseBase(base, stepText !== undefined, bounds);
    const step = parseStep(stepText, bounds.name);
    checkRange(range, bounds);
    for (let value = range.start; value <= range.end; value += step) values.add(value);
    star ||= range.isAny && step === 1;
  }
  return { values, star };
}

function parseFields(text: string): CronFields {
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) throw new CronProblem(`expected 5 fields, found ${fields.length}`);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  return {
    minute: parseField(minute, cronBounds.minute),
    hour: parseField(hour, cronBounds.hour),
    dayOfMonth: parseField(dayOfMonth, cronBounds.dayOfMonth),
    month: parseField(month, cronBounds.month),
    dayOfWeek: parseField(dayOfWeek, cronBounds.dayOfWeek),
  };
}

function parseEvery(text: string): number {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined) throw new CronProblem(`"${text}" is not a duration`);
  return Math.max(1, Number(nanoseconds / 1_000_000_000n));
}

function parseBody(text: string): CronSchedule {
  if (!text.startsWith('@')) return { valid: true, fields: parseFields(text) };
  const every = '@every ';
  if (text.startsWith(every)) return { valid: true, everySeconds: parseEvery(text.slice(every.length)) };
  const expansion = macros.get(text);
  if (expansion === undefined) throw new CronProblem(`"${text}" is not known`);
  return { valid: true, fields: parseFields(expansion) };
}

function parseWithZone(text: string): CronSchedule {
  const match = /^(?:CRON_)?TZ=/.exec(text);
  if (match === null) return parseBody(text);
  const blank = text.indexOf(' ');
  if (blank === -1) throw new CronProblem('the time zone is not followed by a schedule');
  const timeZone = text.slice(match[0].length, blank);
  if (/^[/\\]|\.\./.test(timeZone)) throw new CronProblem(`"${timeZone}" is not a time zone`);
  return { ...parseBody(text.slice(blank).trim()), timeZone: timeZone === '' ? 'UTC' : timeZone };
}

/**
 * Reads a schedule. Whether a time zone exists is not looked up. Source: github.com/robfig/cron v3, ParseStandard, which
 * the CronJob controller uses.
 */
export function parseCron(text: string): CronSchedule | InvalidCron {
  if (text === '') return invalid('the schedule is empty');
  try {
    return parseWithZone(text);
  } catch (error) {
    if (error instanceof CronProblem) return invalid(error.message);
    throw error;
  }
}

function formatField({ values, star }: CronField, { min, max }: Bounds): string {
  if (star && values.size === max - min + 1) return '*';
  return [...values].toSorted((a, b) => a - b).join(',') || ',';
}

/** A canonical text with the same meaning. */
export function formatCron({ fields, everySeconds, timeZone }: CronSchedule): string {
  const zone = timeZone === undefined ? '' : `CRON_TZ=${timeZone} `;
  if (fields === undefined) return `${zone}@every ${everySeconds ?? 1}s`;
  const texts = (Object.keys(cronBounds) as (keyof CronFields)[]).map((key) =>
    formatField(fields[key], cronBounds[key]),
  );
  return zone + texts.join(' ');
}
