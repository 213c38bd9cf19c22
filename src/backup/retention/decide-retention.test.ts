import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, decideRetention } from './decide-retention.ts';
import { type Period, periods, periodsOf, type RetentionRule } from './retention-rule.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-29T12:00:00Z');
const none = { hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

function rule(by: Partial<Record<Period, number>> = {}, rest: Partial<RetentionRule> = {}): RetentionRule {
  return { last: 0, within: 0, zone: 'UTC', ...rest, by: { ...none, ...by } };
}

function at(hoursAgo: number, rest: Partial<Candidate> = {}): Candidate {
  const started = new Date(now - hoursAgo * hour).toISOString();
  return { name: `b-${hoursAgo}`, phase: 'Completed', started, proven: false, halfDeleted: false, ...rest };
}

function kept(series: readonly Candidate[], wanted: RetentionRule): string[] {
  return decideRetention(series, wanted, now)
    .filter(({ keep }) => keep)
    .map(({ name }) => name);
}

describe('retention', () => {
  const hourly = Array.from({ length: 24 * 40 }, (_, index) => at(index));

  it('keeps the newest of each period', () => {
    expect(kept(hourly, rule({}, { last: 3 }))).toEqual(['b-0', 'b-1', 'b-2']);
    expect(kept(hourly, rule({ hourly: 2 }))).toEqual(['b-0', 'b-1']);
    // Today has twelve hours behind it: yesterday's newest is 13 hours old.
    expect(kept(hourly, rule({ daily: 3 }))).toEqual(['b-0', 'b-13', 'b-37']);
    // 2026-11-29 is a Sunday: the week before it ends a whole week earlier.
    expect(kept(hourly, rule({ weekly: 2 }))).toEqual(['b-0', `b-${13 + 6 * 24}`]);
    expect(kept(hourly, rule({ monthly: 5 }))).toEqual(['b-0', `b-${13 + 28 * 24}`]);
    expect(kept(hourly, rule({}, { within: 2 * hour }))).toEqual(['b-0', 'b-1', 'b-2']);
  });

  it('counts days of the zone that is asked for', () => {
    const series = [at(0), at(11), at(13)];
    expect(kept(series, rule({ daily: 2 }))).toEqual(['b-0', 'b-13']);
    // There it is two in the morning.
    expect(kept(series, rule({ daily: 2 }, { zone: 'Pacific/Kiritimati' }))).toEqual(['b-0', 'b-11']);
    expect(() => kept(series, rule({ daily: 1 }, { zone: 'Nowhere' }))).toThrow('not a time zone');
  });

  it('prefers one that completed where a period has any', () => {
    const series = [at(0), at(13, { phase: 'PartiallyFailed' }), at(14), at(40, { phase: 'PartiallyFailed' })];
    expect(kept(series, rule({ daily: 3 }))).toEqual(['b-0', 'b-14', 'b-40']);
  });

  it('keeps the newest that completed and the newest that was proven, and what is newer', () => {
    const series = [
      at(1, { phase: 'PartiallyFailed' }),
      at(2, { phase: 'Failed' }),
      at(3),
      at(4, { phase: 'Failed' }),
      at(5),
      at(6, { proven: true }),
      at(7, { proven: true }),
    ];
    expect(kept(series, rule({}, { within: 1 }))).toEqual(['b-1', 'b-2', 'b-3', 'b-6']);
  });

  it('leaves alone what is unfinished, unless its writer or its deletion is long gone', () => {
    const series = [
      at(2, { phase: 'Unfinished', name: 'young' }),
      at(2, { phase: 'Unfinished', name: 'half', halfDeleted: true }),
      at(200, { phase: 'Unfinished', name: 'old' }),
      at(300, { phase: 'Unfinished', name: 'undated', started: '' }),
      at(300, { phase: 'Deleting', name: 'odd' }),
    ];
    expect(kept(series, rule({}, { last: 1 })).toSorted()).toEqual(['odd', 'undated', 'young']);
  });

  it('keeps all where no rule was given', () => {
    expect(kept([at(1), at(2)], rule())).toEqual(['b-1', 'b-2']);
  });
});

const candidates = fc.uniqueArray(fc.integer({ min: 0, max: 24 * 800 }), { maxLength: 40 }).chain((hours) =>
  fc.tuple(
    ...hours.map((each) =>
      fc
        .record({
          phase: fc.constantFrom('Completed', 'Completed', 'PartiallyFailed', 'Failed', 'Unfinished'),
          proven: fc.boolean(),
          halfDeleted: fc.boolean(),
        })
        .map((rest) => at(each, { ...rest, proven: rest.proven && rest.phase === 'Completed' })),
    ),
  ),
);
const count = fc.integer({ min: 0, max: 6 });
const rules = fc
  .record({ hourly: count, daily: count, weekly: count, monthly: count, yearly: count, last: count, within: count })
  .chain(({ last, within, ...by }) =>
    fc
      .constantFrom('UTC', 'Europe/Berlin', 'Pacific/Kiritimati')
      .map((zone) => rule(by, { last, within: within * 24 * hour, zone })),
  );

describe('whatever the rule and the backups, retention', () => {
  const newestOf = (series: readonly Candidate[], test: (each: Candidate) => boolean): string | undefined =>
    series.filter(test).toSorted((a, b) => (a.started < b.started ? 1 : -1))[0]?.name;

  it('never loses the newest that completed, nor the newest that was proven', () => {
    fc.assert(
      fc.property(candidates, rules, (series, wanted) => {
        const names = kept(series, wanted);
        const good = newestOf(series, ({ phase }) => phase === 'Completed');
        const proven = newestOf(series, (each) => each.proven);
        for (const name of [good, proven]) if (name !== undefined) expect(names).toContain(name);
      }),
    );
  });

  it('decides about each backup once', () => {
    fc.assert(
      fc.property(candidates, rules, (series, wanted) => {
        const names = decideRetention(series, wanted, now).map(({ name }) => name);
        expect(names.toSorted()).toEqual(series.map(({ name }) => name).toSorted());
      }),
    );
  });

  it('removes nothing more the second time', () => {
    fc.assert(
      fc.property(candidates, rules, (series, wanted) => {
        const names = new Set(kept(series, wanted));
        const left = series.filter(({ name }) => names.has(name));
        expect(kept(left, wanted)).toHaveLength(left.length);
      }),
    );
  });

  it('keeps no less where a number is raised', () => {
    fc.assert(
      fc.property(candidates, rules, fc.constantFrom(...periods), (series, wanted, period) => {
        const more = { ...wanted, by: { ...wanted.by, [period]: wanted.by[period] + 1 } };
        // Without a rule all is kept: that is no number.
        fc.pre(decideRetention(series, wanted, now).some(({ keep }) => !keep));
        expect(kept(series, more)).toEqual(expect.arrayContaining(kept(series, wanted)));
      }),
    );
  });
});

describe('the calendar', () => {
  it('has no week that is longer than seven days or spans more than it should', () => {
    const utc = periodsOf('UTC');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const monday = Date.UTC(1970, 0, 5) + days * 7 * 24 * hour;
        const weekOf = (offset: number): string => utc(new Date(monday + offset * hour).toISOString()).weekly;
        expect(weekOf(7 * 24 - 1)).toBe(weekOf(0));
        expect(weekOf(7 * 24)).not.toBe(weekOf(0));
        expect(weekOf(-1)).not.toBe(weekOf(0));
      }),
    );
  });
});
