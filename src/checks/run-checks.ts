// Runs checks over an inventory: one pass over the subjects, findings for what is wrong or unknown, counts for the rest.

import { type Inventory, ownObjects, traceObject, type Workload } from '../inventory/index.ts';
import type { PodContainer } from '../kube/pod-template.ts';
import {
  type Finding,
  type KubeObject,
  type Position,
  type Subject,
  toJsonPointer,
  type Verdict,
} from '../model/index.ts';
import type { AppDiagnostic, AppDiagnostics, Check, CheckContext, CheckOptions, Diagnostics } from './check.ts';

/** How a check went over the whole input. `not-applicable`: it had no subject. */
export interface CheckOutcome {
  readonly check: string;
  readonly verdict: Verdict | 'not-applicable';
  /** Subjects looked at. */
  readonly subjects: number;
  /** Subjects with at least one failing finding. */
  readonly failed: number;
  readonly unknown: number;
}

export interface CheckResults {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly CheckOutcome[];
}

interface Target {
  readonly object: KubeObject | undefined;
  readonly container?: string;
}

/** What a check said of a target: all of a finding but its position. */
interface Draft {
  readonly check: Check;
  readonly object: KubeObject | undefined;
  readonly container: string | undefined;
  readonly diagnostic: AppDiagnostic;
}

type Answer = Diagnostics | AppDiagnostics | 'no subject';

/** Collects what one check says. */
class Tally {
  private subjects = 0;
  private failed = 0;
  private unknown = 0;
  private readonly check: Check;
  private readonly sink: Draft[];
  private readonly isOwn: (object: KubeObject) => boolean;

  constructor(check: Check, sink: Draft[], isOwn: (object: KubeObject) => boolean) {
    this.check = check;
    this.sink = sink;
    this.isOwn = isOwn;
  }

  add(target: Target, diagnostics: Diagnostics | AppDiagnostics): void {
    if (target.object !== undefined && !this.isOwn(target.object)) return;
    this.subjects += 1;
    // Nearly every answer.
    if (diagnostics === undefined) return;
    const list = this.ownOnly(diagnostics);
    for (const diagnostic of list) {
      const object = diagnostic.object ?? target.object;
      this.sink.push({ check: this.check, object, container: diagnostic.container ?? target.container, diagnostic });
    }
    if (list.some(({ verdict }) => verdict !== 'unknown')) this.failed += 1;
    else if (list.length > 0) this.unknown += 1;
  }

  private ownOnly(diagnostics: NonNullable<Diagnostics | AppDiagnostics>): readonly AppDiagnostic[] {
    const all: readonly AppDiagnostic[] = Array.isArray(diagnostics) ? diagnostics : [diagnostics as AppDiagnostic];
    return all.filter(({ object }) => object === undefined || this.isOwn(object));
  }

  outcome(): CheckOutcome {
    const { subjects, failed, unknown } = this;
    const verdict = subjects === 0 ? 'not-applicable' : failed > 0 ? 'fail' : unknown > 0 ? 'unknown' : 'pass';
    return { check: this.check.meta.id, verdict, subjects, failed, unknown };
  }
}

function madeBy(object: KubeObject | undefined, position: Position | undefined): Pick<Finding, 'madeBy'> {
  const trace = object === undefined || position !== undefined ? undefined : traceObject(object);
  return trace === undefined ? {} : { madeBy: trace };
}

function toFinding({ check, object, container, diagnostic }: Draft, position: Position | undefined): Finding {
  const { meta } = check;
  return {
    check: meta.id,
    verdict: diagnostic.verdict ?? 'fail',
    severity: diagnostic.severity ?? meta.severity,
    leg: meta.leg,
    level: meta.level,
    owner: meta.owner,
    subject: toSubject(object, container),
    ...(position === undefined ? {} : { position }),
    ...madeBy(object, position),
    ...(object === undefined ? {} : { path: toJsonPointer(diagnostic.path ?? []) }),
    message: diagnostic.message,
    evidence: diagnostic.evidence ?? '',
    ...(diagnostic.command === undefined ? {} : { command: diagnostic.command }),
  };
}

/** Who a finding is about; without an object, the app as a whole. */
export function toSubject(object: KubeObject | undefined, container: string | undefined): Subject {
  if (object === undefined) return { apiVersion: 'nowwhat.dev/v1', kind: 'App', namespace: '', name: 'app' };
  const { apiVersion, kind, namespace, name } = object;
  return { apiVersion, kind, namespace, name, ...(container === undefined ? {} : { container }) };
}

/** An object of a cluster has no place in a file, unless files declare it too. */
function hasPlace({ object }: Draft): boolean {
  return object !== undefined && (object.source.origin.kind !== 'cluster' || object.declared !== undefined);
}

/** Positions are looked up together: a document with many findings is parsed for them once. */
function toFindings(drafts: readonly Draft[], inventory: Inventory): Finding[] {
  const places = drafts.flatMap((draft) =>
    draft.object !== undefined && hasPlace(draft) ? { object: draft.object, path: draft.diagnostic.path ?? [] } : [],
  );
  const positions = inventory.positions.ofAll(places).values();
  return drafts.map((draft) => toFinding(draft, hasPlace(draft) ? positions.next().value : undefined));
}

function kindText(groupKind: string): string {
  const [group, kind = ''] = groupKind.split('/');
  return group === '' || group === undefined ? kind : `${kind}.${group}`;
}

/** What a check could not know, because some kinds may not be listed: neither passed nor failed. */
function unseenDiagnostic(unseen: ReadonlySet<string>, about: string): AppDiagnostic {
  const kinds = [...unseen].map(kindText).sort().join(', ');
  return {
    verdict: 'unknown',
    message: `whether this holds${about} is not known: ${kinds} may not be listed in this cluster`,
    evidence: `would be settled by permission to list ${kinds}`,
  };
}

/** What a check is asked about, and how. One for all subjects of a kind: each of a hundred thousand would cost memory of its own. */
interface Asking<T> {
  readonly targetOf: (subject: T) => Target;
  readonly ask: (subject: T) => Answer;
}

/** An answer that rests on kinds nobody could list is unknown. */
function askWatched<T>(subject: T, { targetOf, ask }: Asking<T>, { inventory }: CheckContext, tally: Tally): void {
  const { result, unseen } = inventory.unseen.watch(() => ask(subject));
  const target = targetOf(subject);
  const about = target.object === undefined ? '' : ` for ${target.object.kind} "${target.object.name}"`;
  if (unseen.size > 0) tally.add(target, unseenDiagnostic(unseen, about));
  else if (result !== 'no subject') tally.add(target, result);
}

function askAbout<T>(subjects: Iterable<T>, asking: Asking<T>, context: CheckContext, tally: Tally): void {
  const { some } = context.inventory.unseen;
  for (const subject of subjects) {
    if (some) {
      askWatched(subject, asking, context, tally);
      continue;
    }
    const answer = asking.ask(subject);
    if (answer !== 'no subject') tally.add(asking.targetOf(subject), answer);
  }
}

function overObjects(check: Check & { scope: 'object' }, context: CheckContext, tally: Tally): void {
  const { inventory } = context;
  const objects = check.kinds.includes('*') ? inventory.objects : check.kinds.flatMap((kind) => inventory.ofKind(kind));
  const ask = (object: KubeObject): Answer =>
    (check.applies?.(object, context) ?? true) ? check.find(object, context) : 'no subject';
  askAbout(objects, { targetOf: (object) => ({ object }), ask }, context, tally);
}

function overContainers(
  check: Check & { scope: 'container' },
  workload: Workload,
  context: CheckContext,
  tally: Tally,
): void {
  const { object } = workload;
  const ask = (container: PodContainer): Answer =>
    (check.applies?.(container, workload, context) ?? true) ? check.find(container, workload, context) : 'no subject';
  const targetOf = ({ name }: PodContainer): Target => ({ object, container: name });
  askAbout(workload.containers, { targetOf, ask }, context, tally);
}

function overWorkloads(check: Check & { scope: 'workload' }, context: CheckContext, tally: Tally): void {
  const ask = (workload: Workload): Answer =>
    (check.applies?.(workload, context) ?? true) ? check.find(workload, context) : 'no subject';
  askAbout(context.inventory.workloads, { targetOf: ({ object }) => ({ object }), ask }, context, tally);
}

function overApp(check: Check & { scope: 'app' }, context: CheckContext, tally: Tally): void {
  const ask = (): Answer => ((check.applies?.(context) ?? true) ? check.find(context) : 'no subject');
  askAbout(['app'], { targetOf: () => ({ object: undefined }), ask }, context, tally);
}

function overSubjects(check: Check, context: CheckContext, tally: Tally): void {
  switch (check.scope) {
    case 'object':
      overObjects(check, context, tally);
      return;
    case 'workload':
      overWorkloads(check, context, tally);
      return;
    case 'container':
      for (const workload of context.inventory.workloads) overContainers(check, workload, context, tally);
      return;
    case 'app':
      overApp(check, context, tally);
  }
}

/** Subjects of kinds that may not be listed were not looked at: one more answer that is not known. */
function runCheck(check: Check, context: CheckContext, tally: Tally): void {
  const { unseen } = context.inventory.unseen.watch(() => overSubjects(check, context, tally));
  if (unseen.size > 0) tally.add({ object: undefined }, unseenDiagnostic(unseen, ' for all of the app'));
}

/** How far the checks have come. */
export interface ChecksProgress {
  readonly done: number;
  readonly of: number;
  /** Findings so far, and the newest of them that fails. */
  readonly findings: number;
  readonly newest: string | undefined;
}

function newestFailure(drafts: readonly Draft[], since: number): string | undefined {
  return drafts.slice(since).findLast(({ diagnostic }) => diagnostic.verdict !== 'unknown')?.diagnostic.message;
}

/**
 * Findings in the order of the checks given; a check that throws is our bug and the error is not caught. `tell` hears of each check that is done:
 * with many objects all of them take seconds.
 */
export function runChecks(
  checks: readonly Check[],
  inventory: Inventory,
  options: CheckOptions,
  tell?: (progress: ChecksProgress) => void,
): CheckResults {
  const context: CheckContext = { inventory, options };
  const drafts: Draft[] = [];
  const isOwn = ownObjects(inventory.snapshot);
  let newest: string | undefined;
  const outcomes = checks.map((check, index) => {
    const tally = new Tally(check, drafts, isOwn);
    const before = drafts.length;
    runCheck(check, context, tally);
    newest = newestFailure(drafts, before) ?? newest;
    tell?.({ done: index + 1, of: checks.length, findings: drafts.length, newest });
    return tally.outcome();
  });
  return { findings: toFindings(drafts, inventory), outcomes };
}
