// The report: one plain value that every reporter draws and every script reads (schema nowwhat.dev/report/v1).

import type { CheckOutcome } from '../checks/run-checks.ts';
import type { ClusterFacts, Finding, Leg, Level, Owner, Severity, Skipped, Unreadable } from '../model/index.ts';

/** 0: not even the first level is reached. */
export type ReachedLevel = 0 | Level;

/** How a check went, without its id. */
export interface TalliedOutcome extends Omit<CheckOutcome, 'check'> {
  /** Failing findings that somebody accepted. */
  readonly accepted: number;
}

export interface LegReport {
  readonly leg: Leg;
  /** Level as far as this source can tell: unknown checks do not hold it back, unless nothing else is known of a level. */
  readonly level: ReachedLevel;
  /** Level with every check settled: unknown checks hold it open. */
  readonly proven: ReachedLevel;
  /** The first level above with something to do or to find out; none where all is reached, or nothing can be judged. */
  readonly next: NextLevel | undefined;
  readonly checks: Readonly<Record<string, TalliedOutcome>>;
}

export interface NextLevel {
  readonly level: Level;
  /** Checks of the level that this source can settle, and how many of them hold. */
  readonly steps: number;
  readonly done: number;
  /** Checks that fail and hold this level back, best first. */
  readonly blockers: readonly string[];
  /** Checks that nobody knows about yet. */
  readonly unknown: readonly string[];
}

/** One thing to do: all failing findings of one check. */
export interface Step {
  readonly check: string;
  readonly title: string;
  readonly leg: Leg;
  readonly level: Level;
  readonly owner: Owner;
  readonly minutes: number;
  readonly remediation: string;
  readonly failed: number;
  readonly subjects: number;
  readonly first: Finding;
}

export interface ReportSource {
  readonly kind: 'files' | 'cluster';
  readonly inputs: readonly string[];
  readonly name: string;
  readonly files: number;
  readonly objects: number;
  /** Target Kubernetes version, `1.34`. */
  readonly kubernetes: string;
  /** Files were read together with the cluster. */
  readonly joined?: true;
  /** Only where `kind` is `cluster`. */
  readonly cluster?: ClusterFacts;
  /** What the cluster is, in one line; only where `kind` is `cluster`. */
  readonly headline?: string;
}

/** What a check is, for readers of the report that do not know our checks. */
export interface CheckSummary {
  readonly title: string;
  readonly family: string;
  readonly leg: Leg;
  readonly level: Level;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly remediation: string;
  readonly minutes: number;
  readonly references: readonly string[];
  readonly settledBy?: string;
}

/** Whether the report is good enough for the thresholds that were set. */
export interface GateResult {
  readonly passed: boolean;
  /** Why it is not, in the user's words. */
  readonly reasons: readonly string[];
  /** Open findings that a former report has as well; only where one was given. */
  readonly known?: number;
}

export interface Report {
  readonly schema: 'nowwhat.dev/report/v1';
  readonly source: ReportSource;
  /** Whose findings these are; everybody's where left out. */
  readonly role?: Owner;
  /** The checks that have findings here, by id. */
  readonly catalogue: Readonly<Record<string, CheckSummary>>;
  /** Exceptions that matched nothing, and other things the user should know about the run. */
  readonly notices: readonly string[];
  readonly legs: readonly LegReport[];
  /** The one best next step; absent where nothing fails. */
  readonly next?: Step;
  /** Failing checks by who must act. */
  readonly todo: Readonly<Record<Owner, number>>;
  readonly gate?: GateResult;
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  readonly skipped: readonly Skipped[];
}
