import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCronJobTime } from './cron-job-time.ts';
import { nextRuns } from '../../kube/next-runs.ts';

describe('the time of a schedule', () => {
  it.each([
    ['0 2 * * *', '0 2 * * *', 'Etc/UTC'],
    ['  0   2 * * MON-FRI ', '0 2 * * MON-FRI', 'Etc/UTC'],
    ['CRON_TZ=Europe/Berlin 0 2 * * *', '0 2 * * *', 'Europe/Berlin'],
    ['TZ=UTC 0 2 * * *', '0 2 * * *', 'Etc/UTC'],
    ['@daily', '0 0 * * *', 'Etc/UTC'],
    ['CRON_TZ=Asia/Tokyo @weekly', '0 0 * * 0', 'Asia/Tokyo'],
    ['@every 6h', '0 */6 * * *', 'Etc/UTC'],
    ['@every 90m0s', '', ''],
    ['@every 15m', '*/15 * * * *', 'Etc/UTC'],
    ['@every 168h', '0 0 * * 0', 'Etc/UTC'],
    ['CRON_TZ=Europe/Berlin @every 24h', '0 0 * * *', 'Etc/UTC'],
  ])('%s', (text, schedule, timeZone) => {
    if (schedule === '') expect(() => toCronJobTime(text)).toThrow('no CronJob can keep that distance exactly');
    else expect(toCronJobTime(text)).toEqual({ schedule, timeZone });
  });

  it.each([
    ['@every 5h', 'The nearest that can: @every 4h or @every 6h.'],
    ['@every 45s', 'The nearest that can: @every 1m.'],
    ['@every 720h', 'The nearest that can: @every 168h.'],
    ['0 25 * * *', 'Write minute, hour, day of month, month and day of week.'],
    ['CRON_TZ=Mars/Base 0 2 * * *', 'Write it as CRON_TZ=Europe/Berlin 0 2 * * *.'],
    ['TZ=Local 0 2 * * *', 'Write it as CRON_TZ=Europe/Berlin 0 2 * * *.'],
  ])('refuses %s and says what would do', (text, advice) => {
    expect(() => toCronJobTime(text)).toThrow(expect.objectContaining({ code: 'invalid-option', advice }));
  });

  it('keeps each distance that it takes, whenever one looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 1_000_000 }), (minutes, start) => {
        let time;
        try {
          time = toCronJobTime(`@every ${minutes}m`);
        } catch {
          return;
        }
        const after = Date.parse('2026-01-01') + start * 60_000;
        const runs = nextRuns(time, after, 30).map((run) => Date.parse(run));
        const distances = new Set(runs.slice(1).map((run, index) => run - (runs[index] ?? 0)));
        expect([...distances]).toEqual([minutes * 60_000]);
      }),
    );
  });
});
