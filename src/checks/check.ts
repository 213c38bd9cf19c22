// What a check is: metadata in the user's words, the subjects it looks at, and one predicate over subject and inventory.

import type { Inventory, Workload } from '../inventory/index.ts';
import type { PodContainer } from '../kube/pod-template.ts';
import type { CheckMeta, Diagnostic, Edit, KubeObject, NewObject, ObjectEdits } from '../model/index.ts';

/** Settings that change what is asked for, from nowwhat.yaml or flags. */
export interface CheckOptions {
  /** Target Kubernetes 1.N. */
  readonly minor: number;
  /** Today as an ISO date (`2026-11-23`): checks read no clock. */
  readonly today: string;
  /** Registries that images may come from; empty allows all. */
  readonly allowedRegistries: readonly string[];
}

export interface CheckContext {
  readonly inventory: Inventory;
  readonly options: CheckOptions;
}

/** One diagnostic, several, or nothing: content with this subject. */
export type Diagnostics = Diagnostic | readonly Diagnostic[] | undefined;

/**
 * Edits of the subject's own object that put a finding right without a decision of the user's. Nothing where this one needs a decision that nobody but
 * the user can name.
 */
export type FixEdits = readonly Edit[] | undefined;

/** A fix that reaches beyond the subject's own object. */
export interface FixParts {
  /** Edits of the subject's own object; of no use for the app as a whole. */
  readonly edits?: readonly Edit[];
  /** Edits of other objects of the input, such as the ServiceAccount of a workload. */
  readonly others?: readonly ObjectEdits[];
  /** Objects that are to be written. One that several findings ask for is written once. */
  readonly create?: readonly NewObject[];
  /** Objects that are to go, whole. */
  readonly remove?: readonly KubeObject[];
}

/** A value that only the user knows: never invented. */
export interface Question {
  /** What is asked for, as in `which memory limit`: `memory limit`. */
  readonly what: string;
  /** How an answer is written: `256Mi`. Shown as a form, never taken. */
  readonly example: string;
  /** What is wrong with an answer, as the end of a sentence that begins with it: `is not an amount of memory`. */
  readonly problem?: (answer: string) => string | undefined;
  /** Where an answer fits one thing only, such as one image. */
  readonly own?: OwnAnswer;
}

/** An answer to `own` with the thing that it names: this one, another one, or none. */
export interface OwnReading {
  readonly names: 'this' | 'other' | 'none';
  readonly answer: string;
}

export interface OwnAnswer {
  /** The thing, as no other is called: `docker.io/team/web:1.2`. */
  readonly thing: string;
  /** How an answer names it: `IMAGE@DIGEST`. */
  readonly form: string;
  readonly read: (answer: string) => OwnReading;
}

/** One way to put a finding right where the user must decide. */
export interface Choice {
  /** kebab-case, unique within the check, stable: settings name it. */
  readonly id: string;
  /** What is done, in the imperative, without a full stop: `Give /tmp a folder in memory`. */
  readonly title: string;
  /** What that means for the running app, for somebody who knows no page of ours: a sentence without its full stop. */
  readonly consequence: string;
  readonly asks?: Question;
  /** Checks that may fail only then: the price of the choice, which `consequence` names. */
  readonly leavesOpen?: readonly string[];
  /** `answer` is an answer that has no problem; '' where nothing is asked. */
  readonly change: (answer: string) => FixParts;
}

/** Decisions are offered, never taken: nothing is changed before the user has chosen. */
export interface FixChoices {
  readonly choices: readonly Choice[];
}

/** Called only with what `find` said of the same subject, and only where that fails. */
export type FixResult = FixEdits | FixParts | FixChoices;

interface CheckBase {
  readonly meta: CheckMeta;
}

/** Looks at every object of some kinds; `group/Kind` with the core group as `/Kind`, or `*` for all. */
export interface ObjectCheck extends CheckBase {
  readonly scope: 'object';
  readonly kinds: readonly string[];
  readonly applies?: (object: KubeObject, context: CheckContext) => boolean;
  readonly find: (object: KubeObject, context: CheckContext) => Diagnostics;
  readonly fix?: (object: KubeObject, diagnostic: Diagnostic, context: CheckContext) => FixResult;
}

/** Looks at every workload of the user's own: pods of an owner in the input are not looked at twice. */
export interface WorkloadCheck extends CheckBase {
  readonly scope: 'workload';
  readonly applies?: (workload: Workload, context: CheckContext) => boolean;
  readonly find: (workload: Workload, context: CheckContext) => Diagnostics;
  readonly fix?: (workload: Workload, diagnostic: Diagnostic, context: CheckContext) => FixResult;
}

/** Looks at every container of every workload; ephemeral ones only where named. */
export interface ContainerCheck extends CheckBase {
  readonly scope: 'container';
  readonly applies?: (container: PodContainer, workload: Workload, context: CheckContext) => boolean;
  readonly find: (container: PodContainer, workload: Workload, context: CheckContext) => Diagnostics;
  readonly fix?: (
    container: PodContainer,
    diagnostic: Diagnostic,
    workload: Workload,
    context: CheckContext,
  ) => FixResult;
}

/** Looks once at the whole app; its subject is the app itself unless a diagnostic names an object. */
export interface AppCheck extends CheckBase {
  readonly scope: 'app';
  readonly applies?: (context: CheckContext) => boolean;
  readonly find: (context: CheckContext) => AppDiagnostics;
  /** `edits` are those of the object that the diagnostic names. */
  readonly fix?: (diagnostic: AppDiagnostic, context: CheckContext) => FixResult;
}

export interface AppDiagnostic extends Diagnostic {
  /** The object this is about; left out, the app as a whole. */
  readonly object?: KubeObject;
}

export type AppDiagnostics = AppDiagnostic | readonly AppDiagnostic[] | undefined;

export type Check = ObjectCheck | WorkloadCheck | ContainerCheck | AppCheck;

export function objectCheck(meta: CheckMeta, rest: Omit<ObjectCheck, 'meta' | 'scope'>): ObjectCheck {
  return { meta, scope: 'object', ...rest };
}

export function workloadCheck(meta: CheckMeta, rest: Omit<WorkloadCheck, 'meta' | 'scope'>): WorkloadCheck {
  return { meta, scope: 'workload', ...rest };
}

export function containerCheck(meta: CheckMeta, rest: Omit<ContainerCheck, 'meta' | 'scope'>): ContainerCheck {
  return { meta, scope: 'container', ...rest };
}

export function appCheck(meta: CheckMeta, rest: Omit<AppCheck, 'meta' | 'scope'>): AppCheck {
  return { meta, scope: 'app', ...rest };
}

/** A check that no file can settle: unknown for the app, with what would settle it. */
export function clusterOnlyCheck(meta: CheckMeta & { readonly settledBy: string }, message: string): AppCheck {
  return appCheck(meta, {
    find: () => ({ verdict: 'unknown', message, evidence: `would be settled by ${meta.settledBy}` }),
  });
}
