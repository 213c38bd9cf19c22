// Levels of a leg from the outcomes of its checks: a level holds when all checks of it and of those below hold.

import { type Leg, type Level, levels } from '../model/index.ts';
import type { Judged } from './judged.ts';
import type { LegReport, NextLevel, ReachedLevel, TalliedOutcome } from './report.ts';
import { compareUrgency } from './urgency.ts';

type Verdicts = ReadonlySet<string>;

function verdictsOf(checks: readonly Judged[], level: Level): Verdicts {
  return new Set(checks.filter(({ meta }) => meta.level === level).map(({ outcome }) => outcome.verdict));
}

/** A level of which nothing is known is not told: files that say nothing of a restore drill do not lead past it. */
function isTold(verdicts: Verdicts): boolean {
  return !verdicts.has('fail') && (verdicts.has('pass') || !verdicts.has('unknown'));
}

function isProven(verdicts: Verdicts): boolean {
  return !verdicts.has('fail') && !verdicts.has('unknown');
}

/**
 * The highest level that holds together with all below it. Levels without a subject hold by themselves, but never alone: where no check
 * passes there is nothing to be proud of.
 */
function reached(checks: readonly Judged[], holds: (verdicts: Verdicts) => boolean): ReachedLevel {
  let level: ReachedLevel = 0;
  let passed = false;
  for (const candidate of levels) {
    const verdicts = verdictsOf(checks, candidate);
    if (!holds(verdicts)) break;
    passed ||= verdicts.has('pass');
    level = candidate;
  }
  return passed ? level : 0;
}

/** The first level above that something holds back or leaves open. */
function findNext(checks: readonly Judged[], level: ReachedLevel): Level | undefined {
  return levels.find((candidate) => candidate > level && !isProven(verdictsOf(checks, candidate)));
}

function describeNext(checks: readonly Judged[], level: ReachedLevel): NextLevel | undefined {
  const next = findNext(checks, level);
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

function tally({ outcome: { verdict, subjects, failed, unknown }, accepted }: Judged): TalliedOutcome {
  return { verdict, subjects, failed, unknown, accepted };
}

/** One leg's levels. A check without a subject does not count; a check whose failures are all accepted has verdict `pass` already. */
export function decideLeg(leg: Leg, judged: readonly Judged[]): LegReport {
  const checks = judged.filter(({ meta }) => meta.leg === leg);
  const level = reached(checks, isTold);
  const entries = checks.map((each) => [each.meta.id, tally(each)] as const);
  return {
    leg,
    level,
    proven: reached(checks, isProven),
    next: describeNext(checks, level),
    checks: Object.fromEntries(entries),
  };
}
