// What `fix` answers: edits, proof, decisions and what is left, as a plain value with a schema name.

import { type PlannedChoice, type PlannedFix, toSubject } from '../../checks/index.ts';
import { fingerprint } from '../../journey/index.ts';
import type { DecidedFix } from './decided-fix.ts';
import type { RenderingProof } from './edit-units.ts';
import type { Goal } from './goal.ts';
import type { NetworkProof } from './network-fixes.ts';
import type { SecretToMake } from './secrets-to-make.ts';
import type { CheckMeta, Edit, Finding, JsonObject, Owner, Subject, Unreadable } from '../../model/index.ts';

export interface FixedFinding {
  readonly check: string;
  readonly subject: Subject;
  readonly message: string;
  /** The choice that was taken, where there were some. */
  readonly choice?: string;
  /** Of the subject's own object. */
  readonly edits: readonly Edit[];
  /** Edits of other objects. */
  readonly others: readonly { readonly subject: Subject; readonly edits: readonly Edit[] }[];
  /** New objects, whole. */
  readonly created: readonly JsonObject[];
  /** Objects that go. */
  readonly removed: readonly Subject[];
}

export interface RefusedFix {
  readonly check: string;
  readonly subject: Subject;
  readonly message: string;
  /** Why no edit was made: the end of a sentence. */
  readonly reason: string;
}

/** A way to put a finding right, with what it means. */
export interface OfferedChoice {
  readonly id: string;
  readonly title: string;
  readonly consequence: string;
  /** A value that only the user knows, and how it is written. */
  /** `form`: how a value names the one thing that it is for, where it fits one only. */
  readonly asks?: { readonly what: string; readonly example: string; readonly form?: string };
}

/** A finding that waits for the user to choose. */
export interface OpenDecision {
  readonly check: string;
  readonly title: string;
  readonly owner: Owner;
  readonly subject: Subject;
  readonly message: string;
  readonly choices: readonly OfferedChoice[];
}

/** Findings that fail and that nobody but a person can put right. */
export interface LeftCheck {
  readonly check: string;
  readonly title: string;
  readonly owner: Owner;
  readonly remediation: string;
  readonly findings: number;
}

export interface FixAnswer {
  readonly schema: 'nowwhat.dev/fix/v1';
  readonly files: readonly { readonly file: string; readonly isNew: boolean; readonly diff: string }[];
  readonly fixed: readonly FixedFinding[];
  readonly refused: readonly RefusedFix[];
  readonly decisions: readonly OpenDecision[];
  readonly left: readonly LeftCheck[];
  /** What could not be read: nothing of it is judged or edited. */
  readonly unreadable: readonly Unreadable[];
  /** What the user should know of the choices that were given. */
  readonly notices: readonly string[];
  /** The proof: failing findings of all checks before and after, and what fails only after. */
  readonly proof: {
    readonly before: number;
    readonly after: number;
    readonly opened: readonly { readonly check: string; readonly subject: Subject; readonly message: string }[];
    /** What fails only after, as a choice of the user's said it would, or because it was hidden before. */
    readonly expected: readonly { readonly check: string; readonly subject: Subject; readonly message: string }[];
  };
  /** Charts and kustomizations whose files are edited: rendered again, with every object exactly as planned. */
  readonly renderings?: readonly RenderingProof[];
  /** Where network policies were asked for: what they keep and what they close. */
  readonly network?: NetworkProof;
  /** Secrets that no file holds any more: they are made before the app runs. */
  readonly secrets?: readonly SecretToMake[];
  /** Where levels were asked for: how far it leads, in which order, and what stays open. */
  readonly goal?: Goal;
}

export function subjectOf({ object, container }: PlannedFix): Subject {
  return toSubject(object, container);
}

/** A finding, whatever its path: several of one check about one container are put right together. */
export function keyOf(check: string, subject: Subject): string {
  return fingerprint({ check, subject });
}

export function describeFix(fix: PlannedFix): Pick<FixedFinding, 'check' | 'subject' | 'message'> {
  return { check: fix.check.id, subject: subjectOf(fix), message: fix.message };
}

export function describeMade(fix: DecidedFix): FixedFinding {
  const others = fix.edits.filter(({ object }) => object !== fix.object);
  return {
    ...describeFix(fix),
    ...(fix.choice === undefined ? {} : { choice: fix.choice }),
    edits: fix.edits.flatMap(({ object, edits }) => (object === fix.object ? edits : [])),
    others: others.map(({ object, edits }) => ({ subject: toSubject(object, undefined), edits })),
    created: fix.create.map(({ raw }) => raw),
    removed: (fix.remove ?? []).map((object) => toSubject(object, undefined)),
  };
}

function describeChoice({ id, title, consequence, asks }: PlannedChoice): OfferedChoice {
  const form = asks?.own === undefined ? {} : { form: asks.own.form };
  const asked = asks === undefined ? {} : { asks: { what: asks.what, example: asks.example, ...form } };
  return { id, title, consequence, ...asked };
}

export function describeDecision(fix: PlannedFix): OpenDecision {
  const { title, owner } = fix.check;
  return { ...describeFix(fix), title, owner, choices: fix.choices.map(describeChoice) };
}

/** What fails after all and waits for no choice, by check. */
export function leftOf(
  failures: readonly Finding[],
  metas: readonly CheckMeta[],
  decisions: readonly OpenDecision[],
): LeftCheck[] {
  const decidable = new Set(decisions.map(({ check, subject }) => keyOf(check, subject)));
  const counts = new Map<string, number>();
  for (const { check, subject } of failures)
    if (!decidable.has(keyOf(check, subject))) counts.set(check, (counts.get(check) ?? 0) + 1);
  return metas.flatMap(({ id, title, owner, remediation }) => {
    const findings = counts.get(id);
    return findings === undefined ? [] : [{ check: id, title, owner, remediation, findings }];
  });
}
