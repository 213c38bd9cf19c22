// Findings: what a check says about one subject, with how we know.

import type { Path } from './json.ts';
import type { Position } from './object.ts';
import type { Severity } from './severity.ts';

export const legs = ['security', 'deployment', 'monitoring', 'backups'] as const;
export type Leg = (typeof legs)[number];

export const levels = [1, 2, 3, 4] as const;
export type Level = (typeof levels)[number];

export const owners = ['developer', 'cluster-administrator', 'provider'] as const;
export type Owner = (typeof owners)[number];

/** Missing knowledge is `unknown`: never a pass, and never a failure of the user's. */
export type Verdict = 'pass' | 'fail' | 'unknown';

/** The object (and container) that a finding is about. */
export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly container?: string;
}

/** A finding accepted by a named owner until a date for a reason. */
export interface Exception {
  readonly owner: string;
  readonly reason: string;
  /** ISO date, the last day on which the exception holds. */
  readonly until: string;
}

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly leg: Leg;
  readonly level: Level;
  readonly owner: Owner;
  readonly subject: Subject;
  readonly position?: Position;
  /** Where an object of a cluster says that it comes from, where no file is known: `the Helm release shop/web`. */
  readonly madeBy?: string;
  /** JSON pointer of the field, or of the nearest parent that exists. */
  readonly path?: string;
  readonly message: string;
  /** How we know: the field's value, the objects compared, or what would settle an unknown. */
  readonly evidence: string;
  /** A command of ours that does what is lacking, without the program's name; words in capitals are the user's to fill in. */
  readonly command?: string;
  readonly exception?: Exception;
  /** The baseline has it already: shown, and not counted again. */
  readonly known?: boolean;
  /** Unknown, and what was seen speaks against it: a managed service answers for it. */
  readonly seen?: boolean;
}

export interface Reference {
  readonly framework: 'CIS' | 'NSA' | 'PSS' | 'MITRE' | 'OWASP' | 'Kubernetes';
  /** Number or name within the framework, such as `5.2.2` or `T1611`. */
  readonly id: string;
}

/** What every check says of itself. The words here are the user's words. */
export interface CheckMeta {
  /** kebab-case, unique, stable: scripts and exceptions rely on it. */
  readonly id: string;
  /** Folder under src/checks. */
  readonly family: string;
  /** States the good state as a sentence without a full stop: `Containers run without privileges`. */
  readonly title: string;
  readonly leg: Leg;
  readonly level: Level;
  readonly owner: Owner;
  /** Who acts where the control plane is a managed service. */
  readonly ownerWhenManaged?: Owner;
  readonly severity: Severity;
  readonly references: readonly Reference[];
  /** What to do, in one sentence: imperative. */
  readonly remediation: string;
  /** Minutes a person needs for the usual case. */
  readonly minutes: number;
  /** Where only something outside the files can tell: what would settle it. */
  readonly settledBy?: string;
  /** Checks that see nothing while this one finds something: what they tell once it is put right was there before. `*` for any. */
  readonly hides?: readonly string[];
  /** Checks whose fix may settle what this one leaves to the user, of the same container: they are decided first. */
  readonly follows?: readonly string[];
}

/** What a check's function returns for a subject it is not content with. */
export interface Diagnostic {
  /** `fail` where left out. */
  readonly verdict?: 'fail' | 'unknown';
  readonly message: string;
  /** Path in the subject's object; positions are computed from it. */
  readonly path?: Path;
  readonly evidence?: string;
  /** A command of ours that does what is lacking, without the program's name; words in capitals are the user's to fill in. */
  readonly command?: string;
  readonly container?: string;
  /** Overrides of the check's own metadata, for checks whose subject decides. */
  readonly severity?: Severity;
}

/** Whether a value is one of a list of literals, for the type checker as well. */
export function isIn<T>(list: readonly T[], value: unknown): value is T {
  return (list as readonly unknown[]).includes(value);
}
