import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CronSchedule, formatCron, parseCron } from './cron.ts';
import { describeCron, nextTime, type UtcOffset } from './cron-times.ts';

const utc: UtcOffset = () => 0;

function read(text: string): CronSchedule {
  const schedule = parseCron(text);
  if (!schedule.valid) throw new Error(`${text}: ${schedule.reason}`);
  return schedule;
}

function next(text: string, after: string, offset = utc): string {
  const time = nextTime(read(text), Date.parse(after), offset);
  return time === undefined ? 'never' : new Date(time).toISOString().replace('.000Z', 'Z');
}

describe('parseCron', () => {
  it.each([
    ['', 'empty'],
    ['* * * *', 'expected 5 fields'],
    ['* * * * * *', 'expected 5 fields'],
    ['60 * * * *', 'minute: 60 is above 59'],
    ['* 24 * * *', 'hour: 24 is above 23'],
    ['* * 0 * *', 'day of month: 0 is below 1'],
    ['* * * 13 *', 'month: 13 is above 12'],
    ['* * * * 7', 'day of week: 7 is above 6'],
    ['5-1 * * * *', 'minute: 5 is beyond 1'],
    ['1-2-3 * * * *', 'too many hyphens'],
    ['*/1/2 * * * *', 'too many slashes'],
    ['*/0 * * * *', 'step must not be 0'],
    ['-1 * * * *', 'not a number'],
    ['* * * june *', 'not a number'],
    ['@reboot', 'not known'],
    ['@Daily', 'not known'],
    ['@every 1d', 'not a duration'],
    ['TZ=UTC', 'not followed by a schedule'],
    ['CRON_TZ=../etc * * * * *', 'not a time zone'],
  ])('refuses %j', (text, reason) => {
    expect(parseCron(text)).toEqual({ valid: false, reason: expect.stringContaining(reason) });
  });

  it('reads names, question marks and time zones', () => {
    expect(formatCron(read('0 12 ? JAN-mar Mon,FRI'))).toBe('0 12 * 1,2,3 1,5');
    expect(read('CRON_TZ=Europe/Berlin @daily').timeZone).toBe('Europe/Berlin');
    expect(read('TZ=UTC 0 0 * * *').timeZone).toBe('UTC');
    expect(read('0 0 * * *').timeZone).toBeUndefined();
  });
});

describe('nextTime', () => {
  it.each([
    ['*/15 * * * *', '2026-03-01T10:07:30Z', '2026-03-01T10:15:00Z'],
    ['*/15 * * * *', '2026-03-01T10:15:00Z', '2026-03-01T10:30:00Z'],
    ['0 3 * * *', '2026-12-31T03:00:00Z', '2027-01-01T03:00:00Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 30 2 *', '2026-03-01T00:00:00Z', 'never'],
    ['0 0 13 * 5', '2026-11-01T00:00:00Z', '2026-11-06T00:00:00Z'],
    ['0 0 */2 * 5', '2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z'],
    ['0 0 * * 5', '2026-11-01T00:00:00Z', '2026-11-06T00:00:00Z'],
    ['@hourly', '2026-11-01T00:00:00.500Z', '2026-11-01T01:00:00Z'],
    ['@weekly', '2026-11-02T00:00:00Z', '2026-11-08T00:00:00Z'],
    ['@every 90s', '2026-11-02T00:00:00.900Z', '2026-11-02T00:01:30Z'],
    ['@every 10ms', '2026-11-02T00:00:00Z', '2026-11-02T00:00:01Z'],
    [', * * * *', '2026-11-02T00:00:00Z', 'never'],
  ])('%s after %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it('follows the clock of a zone, over its changes', () => {
    // New York 2026: summer time from 8 March 07:00 UTC to 1 November 06:00 UTC.
    const newYork = (time: number): number =>
      time >= Date.parse('2026-03-08T07:00:00Z') && time < Date.parse('2026-11-01T06:00:00Z') ? -240 : -300;
    expect(next('0 9 * * *', '2026-01-10T00:00:00Z', newYork)).toBe('2026-01-10T14:00:00Z');
    expect(next('0 9 * * *', '2026-07-10T00:00:00Z', newYork)).toBe('2026-07-10T13:00:00Z');
    // 02:30 does not exist on the day of the change and is skipped.
    expect(next('30 2 * * *', '2026-03-08T05:00:00Z', newYork)).toBe('2026-03-09T06:30:00Z');
  });
});

describe('describeCron', () => {
  it.each([
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0 */6 * * *', 'every 6 hours at minute 0'],
    ['30 3 * * *', 'at 03:30'],
    ['0 3 * * 0', 'at 03:00 on Sunday'],
    ['0 3 1 * *', 'at 03:00 on day 1 of the month'],
    ['0 3 1 1,7 1', 'at 03:00 on day 1 of the month or Monday in January, July'],
    ['*/5 9-10 * * *', 'every 5 minutes of hour 9, 10'],
    ['@every 90s', 'every 90 seconds'],
    ['TZ=Asia/Tokyo @hourly', 'every hour at minute 0 (Asia/Tokyo)'],
    [', * * * *', 'never'],
  ])('%s is %s', (text, words) => {
    expect(describeCron(read(text))).toBe(words);
  });
});

const piece = (min: number, max: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: 20 });
  const base = fc.oneof(value.map(String), range, fc.constantFrom('*', '?'));
  const one = fc.oneof(
    base,
    fc.tuple(base, step).map(([text, by]) => `${text}/${by}`),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((texts) => texts.join(','));
};
const schedule = fc
  .tuple(piece(0, 59), piece(0, 23), piece(1, 31), piece(1, 12), piece(0, 6))
  .map((fields) => fields.join(' '));
const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

describe('for any schedule', () => {
  it('the canonical text fires at the same times', () => {
    fc.assert(
      fc.property(schedule, instant, (text, after) => {
        const again = read(formatCron(read(text)));
        expect(formatCron(again)).toBe(formatCron(read(text)));
        expect(nextTime(again, after.getTime(), utc)).toBe(nextTime(read(text), after.getTime(), utc));
      }),
    );
  });

  it('the next time is later, on a whole minute, and none lies between', () => {
    fc.assert(
      fc.property(schedule, instant, fc.double({ min: 0, max: 1, noNaN: true }), (text, after, share) => {
        const time = nextTime(read(text), after.getTime(), utc);
        if (time === undefined) return;
        expect(time).toBeGreaterThan(after.getTime());
        expect(time % 60_000).toBe(0);
        const between = Math.floor(after.getTime() + (time - 1 - after.getTime()) * share);
        expect(nextTime(read(text), between, utc)).toBe(time);
      }),
    );
  });
});
