import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.ts';
import { nextRuns } from './next-runs.ts';

function next(schedule: string, after: string, timeZone = 'Etc/UTC', count = 2): readonly string[] {
  return nextRuns({ schedule, timeZone }, Date.parse(after), count);
}

describe('the next runs', () => {
  it('come after the instant, not at it', () => {
    expect(next('0 2 * * *', '2026-11-29T02:00:00Z')).toEqual(['2026-11-30T02:00:00Z', '2026-12-01T02:00:00Z']);
    expect(next('*/15 * * * *', '2026-11-29T02:01:30Z')).toEqual(['2026-11-29T02:15:00Z', '2026-11-29T02:30:00Z']);
  });

  it('fit both days, or one of them where both are restricted', () => {
    // 2026-11-29 is a Sunday.
    expect(next('0 0 * * 1', '2026-11-29T00:00:00Z')).toEqual(['2026-11-30T00:00:00Z', '2026-12-07T00:00:00Z']);
    expect(next('0 0 1 * 1', '2026-11-29T00:00:00Z')).toEqual(['2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z']);
    expect(next('0 0 29 2 *', '2026-11-29T00:00:00Z', 'Etc/UTC', 1)).toEqual(['2028-02-29T00:00:00Z']);
    expect(next('0 0 30 2 *', '2026-11-29T00:00:00Z')).toEqual([]);
  });

  it('are those of the clocks in the zone', () => {
    expect(next('0 2 * * *', '2026-11-29T00:00:00Z', 'Europe/Berlin', 1)).toEqual(['2026-11-29T01:00:00Z']);
    // In the night to 2026-03-29 there is no half past two, and on 2026-10-25 there are two.
    expect(next('30 2 * * *', '2026-03-28T02:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-30T00:30:00Z',
      '2026-03-31T00:30:00Z',
    ]);
    expect(next('30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
    ]);
  });

  it('are those of the zone in front of a schedule of Velero, and of a distance from the instant on', () => {
    expect(next('CRON_TZ=Europe/Berlin 0 2 * * *', '2026-11-29T00:00:00Z', 'Etc/UTC', 1)).toEqual([
      '2026-11-29T01:00:00Z',
    ]);
    expect(next('@every 90m', '2026-11-29T00:00:00Z')).toEqual(['2026-11-29T01:30:00Z', '2026-11-29T03:00:00Z']);
  });

  it('are none where the schedule or its zone is not known', () => {
    expect(next('every night', '2026-11-29T00:00:00Z')).toEqual([]);
    expect(next('0 2 * * *', '2026-11-29T00:00:00Z', 'Moon/Tycho')).toEqual([]);
  });

  it('are the minutes that a look at each minute finds', () => {
    const value = (max: number) => fc.integer({ min: 0, max });
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 1, max: 30 }).map((step) => `*/${step}`),
        fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((pair) => pair.join(',')),
      );
    const schedules = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
    const zones = fc.constantFrom(
      'Etc/UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    );
    // Days around changes of clocks, and any others.
    const days = fc.oneof(
      fc.constantFrom('2026-03-28', '2026-03-07', '2026-10-24', '2026-10-31', '2026-04-04'),
      value(700),
    );
    fc.assert(
      fc.property(schedules, zones, days, value(1439), (fields, timeZone, start, offset) => {
        const schedule = fields.join(' ');
        const base = typeof start === 'string' ? Date.parse(start) : Date.parse('2026-01-01') + start * 86_400_000;
        const after = base + offset * 60_000;
        const horizon = after + 3 * 86_400_000;
        const found = nextRuns({ schedule, timeZone }, after, 10_000).filter((run) => Date.parse(run) <= horizon);
        expect(found).toEqual(byMinutes(schedule, timeZone, after, horizon));
      }),
      { numRuns: 40 },
    );
  });
});

/** What clocks show at each minute, held against the fields. */
function byMinutes(schedule: string, timeZone: string, after: number, until: number): string[] {
  const parsed = parseCron(schedule);
  if (!parsed.valid || parsed.fields === undefined) throw new Error(schedule);
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parsed.fields;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const runs: string[] = [];
  for (let at = Math.floor(after / 60_000) * 60_000 + 60_000; at <= until; at += 60_000) {
    const [d = 0, mo = 0, y = 0, h = 0, mi = 0] = format.format(at).split(/\D+/).map(Number);
    const weekday = new Date(Date.UTC(y, mo - 1, d)).getUTCDay();
    const [one, two] = [dayOfMonth.values.has(d), dayOfWeek.values.has(weekday)];
    const isDay = dayOfMonth.star || dayOfWeek.star ? one && two : one || two;
    if (minute.values.has(mi) && hour.values.has(h) && month.values.has(mo) && isDay)
      runs.push(new Date(at).toISOString().replace('.000Z', 'Z'));
  }
  return runs;
}
