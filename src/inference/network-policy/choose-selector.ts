// Chooses the labels by which a policy finds the pods of some workloads and of no other workload of their namespace.

import { type Labels, labelsOfPods, readLabels, type Workload } from '../../inventory/index.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asObject, type JsonObject } from '../../model/index.ts';

export interface SelectorChoice {
  /** A `LabelSelector`. */
  readonly selector: JsonObject;
  /** Workloads of the namespace that it finds besides: no label tells them apart. */
  readonly alsoFinds: readonly Workload[];
}

type Pair = readonly [key: string, value: string];

/** Set anew with each rollout or run: a policy that names them ends with the next one. */
const passing =
  /(?:^|[./-])(?:pod-template-(?:hash|generation)|controller-(?:uid|revision-hash)|checksum|revision|pod-name|pod-index|job-completion-index)$|^job-name$/;
/** Change with a release; named only where nothing else tells workloads apart. */
const ofRelease: ReadonlySet<string> = new Set([
  'version',
  'app.kubernetes.io/version',
  'chart',
  'helm.sh/chart',
  'heritage',
  'app.kubernetes.io/managed-by',
]);

/** True for a label that stays through rollouts and releases. */
function isStable([key]: Pair): boolean {
  return !passing.test(key) && !ofRelease.has(key);
}

/** What the controller itself finds its pods by: cannot be changed later (apps/v1), and no other controller may share it. */
function ownSelector({ object, labels }: Workload): Pair[] {
  const { selector } = asObject(object.raw['spec']);
  const map = object.kind === 'ReplicationController' ? selector : asObject(selector)['matchLabels'];
  return Object.entries(readLabels(map)).filter(([key, value]) => labels[key] === value);
}

const jobNameKey = 'batch.kubernetes.io/job-name';

/** Labels by which charts tell their parts and releases apart. Source: Kubernetes docs, Recommended Labels. */
const identity: ReadonlySet<string> = new Set([
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'name',
  'component',
  'release',
  'run',
]);

function stablePairs(workload: Workload): Pair[] {
  const own = ownSelector(workload).filter(isStable);
  if (own.length > 0) return own;
  const told = tellingPairs(workload.labels);
  return told.length > 0 ? told : jobName(workload);
}

/** Pods of a Job carry its name, whatever its template says; those of a CronJob a new one with each run. */
function jobName(workload: Workload): Pair[] {
  return Object.entries(labelsOfPods(workload)).filter(([key]) => key === jobNameKey);
}

function tellingPairs(labels: Labels): Pair[] {
  const all = Object.entries(labels).filter(isStable);
  const named = all.filter(([key]) => identity.has(key));
  return named.length > 0 ? named : all;
}

/** Of labels of pods without their controller, those that tell them from others. */
export function tellingLabels(labels: Labels): Labels {
  return Object.fromEntries(tellingPairs(labels));
}

/** The labels that tell a workload's pods from others, where these others are not known. */
export function stableLabels(workload: Workload): Labels {
  return Object.fromEntries(stablePairs(workload));
}

function matches(pairs: readonly Pair[], labels: Labels): boolean {
  return pairs.every(([key, value]) => labels[key] === value);
}

/** Pods of a CronJob have the name of each run: there, and never the same. */
function labelsThere(workload: Workload): Labels {
  const labels = labelsOfPods(workload);
  return workload.object.kind === 'CronJob' ? { ...labels, [jobNameKey]: '' } : labels;
}

function hasAll(pairs: readonly Pair[]): (workload: Workload) => boolean {
  return (workload) => matches(pairs, labelsThere(workload));
}

/** Adds, one by one, the pair that leaves the fewest strangers, while one leaves fewer. */
function narrow(base: readonly Pair[], more: readonly Pair[], strangers: readonly Workload[]): Pair[] {
  const left = (pair: Pair): number => strangers.filter(hasAll([pair])).length;
  const [best] = more.toSorted((a, b) => left(a) - left(b));
  if (best === undefined || strangers.length === 0 || left(best) === strangers.length) return [...base];
  const rest = strangers.filter(hasAll([best]));
  return narrow(
    [...base, best],
    more.filter((pair) => pair !== best),
    rest,
  );
}

/** Keys that strangers have and the workload has not: the last way to leave them out. */
function keysToExclude(labels: Labels, strangers: readonly Workload[]): string[] {
  const excluded: string[] = [];
  for (const stranger of strangers) {
    const theirs = labelsThere(stranger);
    if (excluded.some((key) => Object.hasOwn(theirs, key))) continue;
    const key = Object.keys(theirs).find((each) => !Object.hasOwn(labels, each) && !passing.test(each));
    if (key !== undefined) excluded.push(key);
  }
  return excluded;
}

function toSelector(pairs: readonly Pair[], excluded: readonly string[] = []): JsonObject {
  return {
    ...(pairs.length === 0 ? {} : { matchLabels: Object.fromEntries(pairs) }),
    ...(excluded.length === 0 ? {} : { matchExpressions: excluded.map((key) => ({ key, operator: 'DoesNotExist' })) }),
  };
}

function chooseForOne(workload: Workload, around: readonly Workload[]): SelectorChoice {
  const others = around.filter((each) => each !== workload);
  const found = (pairs: readonly Pair[]): Workload[] => others.filter(hasAll(pairs));
  const base = stablePairs(workload);
  const all = Object.entries(workload.labels).filter(([key]) => !passing.test(key));
  const stable = narrow(base, all.filter(isStable), found(base));
  const told = narrow(
    stable,
    all.filter((pair) => !isStable(pair)),
    found(stable),
  );
  const pairs = narrow(told, jobName(workload), found(told));
  const selector = toSelector(pairs, keysToExclude(labelsThere(workload), found(pairs)));
  const { matches: finds } = compileSelector(selector);
  return { selector, alsoFinds: others.filter((each) => finds(labelsThere(each))) };
}

/** The labels that all have in common, where these find nobody else: a later version of the same app is then one of them. */
function chooseForAll(workloads: readonly Workload[], around: readonly Workload[]): SelectorChoice | undefined {
  const [first, ...rest] = workloads.map(stablePairs);
  const common = (first ?? []).filter(([key, value]) =>
    rest.every((pairs) => matches([[key, value]], Object.fromEntries(pairs))),
  );
  const found = around.filter(hasAll(common));
  return common.length === 0 || found.length > workloads.length
    ? undefined
    : { selector: toSelector(common), alsoFinds: [] };
}

/** One selector for all where that is exact, else one for each. `around` are the workloads of the namespace. */
export function chooseSelectors(workloads: readonly Workload[], around: readonly Workload[]): SelectorChoice[] {
  const together = workloads.length > 1 ? chooseForAll(workloads, around) : undefined;
  return together === undefined ? workloads.map((each) => chooseForOne(each, around)) : [together];
}
