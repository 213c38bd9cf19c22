// What a check is: metadata in the user's words, the subjects it looks at, and one predicate over subject and inventory.

import type { Inventory, Workload } from '../inventory/index.ts';
import type { PodContainer } from '../kube/pod-template.ts';
import type { CheckMeta, Diagnostic, Edit, KubeObject } from '../model/index.ts';

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
 * What puts a finding right without a decision of the user's: edits of the subject's own object. Nothing where this one needs a decision. Called only
 * with what `find` said of the same subject, and only where that fails.
 */
export type FixEdits = readonly Edit[] | undefined;

interface CheckBase {
  readonly meta: CheckMeta;
}

/** Looks at every object of some kinds; `group/Kind` with the core group as `/Kind`, or `*` for all. */
export interface ObjectCheck extends CheckBase {
  readonly scope: 'object';
  readonly kinds: readonly string[];
  readonly applies?: (object: KubeObject, context: CheckContext) => boolean;
  readonly find: (object: KubeObject, context: CheckContext) => Diagnostics;
  readonly fix?: (object: KubeObject, diagnostic: Diagnostic, context: CheckContext) => FixEdits;
}

/** Looks at every workload of the user's own: pods of an owner in the input are not looked at twice. */
export interface WorkloadCheck extends CheckBase {
  readonly scope: 'workload';
  readonly applies?: (workload: Workload, context: CheckContext) => boolean;
  readonly find: (workload: Workload, context: CheckContext) => Diagnostics;
  readonly fix?: (workload: Workload, diagnostic: Diagnostic, context: CheckContext) => FixEdits;
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
  ) => FixEdits;
}

/** Looks once at the whole app; its subject is the app itself unless a diagnostic names an object. */
export interface AppCheck extends CheckBase {
  readonly scope: 'app';
  readonly applies?: (context: CheckContext) => boolean;
  readonly find: (context: CheckContext) => AppDiagnostics;
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
