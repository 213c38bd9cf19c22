// Which backups of one series stay and which go. Pure; what it is unsure of stays.

import { isEmptyRule, periods, periodsOf, type RetentionRule } from './retention-rule.ts';

/** A backup as retention sees it. */
export interface Candidate {
  readonly name: string;
  /** Velero's phase, or `Unfinished`. */
  readonly phase: string;
  /** ISO time; of an unfinished one, when its writer began. '' where nobody knows. */
  readonly started: string;
  /** A drill has restored it, as it is now. */
  readonly proven: boolean;
  /** Unfinished, with all its keys but the one that makes it a backup: what a deletion that was cut off leaves. */
  readonly halfDeleted: boolean;
}

export interface Decision {
  readonly name: string;
  readonly phase: string;
  readonly started: string;
  readonly keep: boolean;
  /** Why it stays, or why it goes. */
  readonly reasons: readonly string[];
}

const hour = 3_600_000;
/** Milliseconds that a writer may be silent before its unfinished backup counts as left behind. */
const writerGone = 7 * 24 * hour;

class Reasons {
  private readonly byName = new Map<string, string[]>();

  add(name: string, reason: string): void {
    this.byName.set(name, [...(this.byName.get(name) ?? []), reason]);
  }

  of(name: string): readonly string[] {
    return this.byName.get(name) ?? [];
  }
}

/** The newest of each of the newest periods: one that has completed, where the period has any. */
function keepPeriods(usable: readonly Candidate[], rule: RetentionRule, reasons: Reasons): void {
  const periodsAt = periodsOf(rule.zone);
  for (const period of periods) {
    const byPeriod = new Map<string, Candidate>();
    for (const each of usable) {
      const key = periodsAt(each.started)[period];
      const chosen = byPeriod.get(key);
      if (chosen === undefined || (chosen.phase !== 'Completed' && each.phase === 'Completed')) byPeriod.set(key, each);
    }
    for (const { name } of [...byPeriod.values()].slice(0, rule.by[period])) reasons.add(name, period);
  }
}

function ageOf({ started }: Candidate, now: number): number {
  return now - Date.parse(started);
}

/** What a person must never lose, whatever the rule says. */
function keepForSafety(usable: readonly Candidate[], reasons: Reasons): void {
  const good = usable.find(({ phase }) => phase === 'Completed');
  const proven = usable.find((each) => each.proven);
  if (good !== undefined) reasons.add(good.name, 'the newest that completed');
  if (proven !== undefined) reasons.add(proven.name, 'the newest that a drill has proven');
  // Those after the last good one are the newest that is known of the app.
  for (const each of good === undefined ? usable : usable.slice(0, usable.indexOf(good)))
    reasons.add(each.name, 'newer than any that completed');
}

function keepUnfinished(candidate: Candidate, now: number, reasons: Reasons): void {
  const patience = candidate.halfDeleted ? hour : writerGone;
  const age = ageOf(candidate, now);
  if (Number.isNaN(age) || age < patience) reasons.add(candidate.name, 'may still be being written');
}

function whyGone({ phase, halfDeleted }: Candidate): string {
  if (phase === 'Unfinished') return halfDeleted ? 'its deletion was cut off' : 'its writer is gone';
  return phase === 'Failed' ? 'holds nothing' : 'no rule keeps it';
}

function momentOf({ started }: Candidate): number {
  const moment = Date.parse(started);
  return Number.isNaN(moment) ? Number.NEGATIVE_INFINITY : moment;
}

const usablePhases = ['Completed', 'PartiallyFailed'];

function keepByRule(usable: readonly Candidate[], rule: RetentionRule, now: number, reasons: Reasons): void {
  const completed = usable.filter(({ phase }) => phase === 'Completed');
  for (const { name } of completed.slice(0, rule.last)) reasons.add(name, 'last');
  keepPeriods(usable, rule, reasons);
  for (const each of usable) if (ageOf(each, now) <= rule.within) reasons.add(each.name, 'young enough');
  if (isEmptyRule(rule)) for (const { name } of usable) reasons.add(name, 'no rule');
}

/** Failed ones are of interest until another has succeeded; what has no date, or a phase that nobody knows, is not ours to judge. */
function keepUnclear(sorted: readonly Candidate[], now: number, reasons: Reasons): void {
  const lastGood = Math.max(...sorted.filter(({ phase }) => phase === 'Completed').map(momentOf));
  for (const each of sorted) {
    if (each.phase === 'Unfinished') keepUnfinished(each, now, reasons);
    else if (each.phase === 'Failed' && momentOf(each) > lastGood)
      reasons.add(each.name, 'newer than any that completed');
    else if (![...usablePhases, 'Failed'].includes(each.phase) || momentOf(each) < 0)
      reasons.add(each.name, 'nobody knows what it is');
  }
}

/**
 * One decision for each backup of a series, the newest first. Whatever the rule, the newest that completed and the newest that was proven stay, and what
 * cannot be dated. An empty rule keeps all that can be restored.
 */
export function decideRetention(series: readonly Candidate[], rule: RetentionRule, now: number): readonly Decision[] {
  const reasons = new Reasons();
  const sorted = series.toSorted((a, b) => momentOf(b) - momentOf(a) || (a.name < b.name ? 1 : -1));
  const usable = sorted.filter((each) => usablePhases.includes(each.phase) && momentOf(each) >= 0);
  keepByRule(usable, rule, now, reasons);
  keepForSafety(usable, reasons);
  keepUnclear(sorted, now, reasons);
  return sorted.map((each) => {
    const { name, phase, started } = each;
    const own = reasons.of(name);
    return { name, phase, started, keep: own.length > 0, reasons: own.length > 0 ? own : [whyGone(each)] };
  });
}
