// Levels of a leg from the outcomes of its checks: a level holds when all checks of it and of those below hold.

import type { CheckOutcome } from '../checks/run-checks.ts';
import { type CheckMeta, type Leg, levels } from '../model/index.ts';
import type { LegReport, NextLevel, ReachedLevel } from './report.ts';
import { compareUrgency } from './urgency.ts';

interface Judged {
  readonly meta: CheckMeta;
  readonly outcome: CheckOutcome;
}

function reached(checks: readonly Judged[], holds: (outcome: CheckOutcome) => boolean): ReachedLevel {
  let level: ReachedLevel = 0;
  for (const candidate of levels) {
    if (checks.some(({ meta, outcome }) => meta.level === candidate && !holds(outcome))) return level;
    level = candidate;
  }
  return level;
}

function describeNext(checks: readonly Judged[], level: ReachedLevel): NextLevel | undefined {
  const next = levels.find((candidate) => candidate > level);
  if (next === undefined) return undefined;
  const applicable = checks.filter(({ meta, outcome }) => meta.level === next && outcome.verdict !== 'not-applicable');
  const failing = applicable.filter(({ outcome }) => outcome.verdict === 'fail').sort(compareUrgency);
  const unknown = applicable.filter(({ outcome }) => outcome.verdict === 'unknown');
  return {
    level: next,
    steps: applicable.length - unknown.length,
    done: applicable.length - failing.length - unknown.length,
    blockers: failing.map(({ meta }) => meta.id),
    unknown: unknown.map(({ meta }) => meta.id),
  };
}

function countsOf({ verdict, subjects, failed, unknown }: CheckOutcome): Omit<CheckOutcome, 'check'> {
  return { verdict, subjects, failed, unknown };
}

/** One leg's levels. A check without a subject does not count; an excepted failure has verdict `pass` already. */
export function decideLeg(leg: Leg, judged: readonly Judged[]): LegReport {
  const checks = judged.filter(({ meta }) => meta.leg === leg);
  const level = reached(checks, ({ verdict }) => verdict !== 'fail');
  const proven = reached(checks, ({ verdict }) => verdict === 'pass' || verdict === 'not-applicable');
  const entries = checks.map(({ meta, outcome }) => [meta.id, countsOf(outcome)] as const);
  return { leg, level, proven, next: describeNext(checks, level), checks: Object.fromEntries(entries) };
}
