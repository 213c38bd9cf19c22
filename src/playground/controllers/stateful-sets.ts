// StatefulSets: pods with numbers, each with its own claims, one after the other.

import { asArray, asNumber, asObject, isSameJson, type JsonObject, toText } from '../../model/index.ts';
import { compact, isDeleting, labelsOf, nameOf, namespaceOf, specOf, statusOf, withValue } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { workloadKeys } from './keys.ts';
import {
  generationOf,
  isActive,
  isReady,
  ownerReference,
  phaseOf,
  podFrom,
  replicasOf,
  templateHash,
} from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'apps/statefulsets';
const revisions = 'apps/controllerrevisions';
const revisionLabel = 'controller-revision-hash';

function ordinalOf(pod: JsonObject): number {
  return Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);
}

function claimName(claim: JsonObject, podName: string): string {
  return `${nameOf(claim)}-${podName}`;
}

function claimsOf(set: JsonObject): JsonObject[] {
  return asArray(specOf(set)['volumeClaimTemplates']).map(asObject);
}

function createClaims(actor: Actor, set: JsonObject, podName: string): void {
  for (const claim of claimsOf(set)) {
    const labels = asObject(asObject(specOf(set)['selector'])['matchLabels']);
    const metadata = { name: claimName(claim, podName), namespace: namespaceOf(set), labels };
    if (actor.get('/persistentvolumeclaims', namespaceOf(set), metadata.name) !== undefined) continue;
    actor.create('/persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: specOf(claim),
    });
  }
}

function withClaims(set: JsonObject, pod: JsonObject, podName: string): JsonObject {
  const own = claimsOf(set).map((claim) => ({
    name: nameOf(claim),
    persistentVolumeClaim: { claimName: claimName(claim, podName) },
  }));
  const names = new Set(own.map(({ name }) => name));
  const others = asArray(specOf(pod)['volumes']).filter((each) => !names.has(toText(asObject(each)['name'])));
  return own.length === 0 ? pod : withValue(pod, ['spec', 'volumes'], [...own, ...others]);
}

function createPod(actor: Actor, set: JsonObject, ordinal: number, revision: string): void {
  const name = `${nameOf(set)}-${ordinal}`;
  createClaims(actor, set, name);
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    'statefulset.kubernetes.io/pod-name': name,
    [revisionLabel]: revision,
  };
  const pod = podFrom(set, asObject(specOf(set)['template']), { name }, labels);
  const addressed = { hostname: name, subdomain: specOf(set)['serviceName'] };
  actor.create('/pods', withClaims(set, { ...pod, spec: compact({ ...specOf(pod), ...addressed }) }, name));
}

/** The revision of the set's template, recorded as the API has it. */
function currentRevision(actor: Actor, set: JsonObject): string {
  const data = { spec: { template: asObject(specOf(set)['template']) } };
  const known = actor.ownedBy(set, revisions);
  const same = known.find((each) => isSameJson(each['data'], data));
  if (same !== undefined) return nameOf(same);
  const revision = Math.max(0, ...known.map((each) => asNumber(each['revision']) ?? 0)) + 1;
  const name = `${nameOf(set)}-${templateHash(data)}`;
  const metadata = {
    name,
    namespace: namespaceOf(set),
    labels: labelsOf(data.spec.template),
    ownerReferences: [ownerReference(set)],
  };
  actor.create(revisions, { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision });
  return name;
}

/** The first thing to do, one at a time where the set is ordered: each step is followed by an event that leads to the next. */
function step(actor: Actor, set: JsonObject, pods: readonly JsonObject[], revision: string): void {
  const wanted = replicasOf(set);
  const isOrdered = specOf(set)['podManagementPolicy'] !== 'Parallel';
  const isSettled = (ordinal: number): boolean =>
    pods.some((pod) => ordinalOf(pod) === ordinal && isReady(pod) && !isDeleting(pod));
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    if (!pods.some((pod) => ordinalOf(pod) === ordinal)) createPod(actor, set, ordinal, revision);
    if (isOrdered && !isSettled(ordinal)) return;
  }
  const surplus = pods.filter((pod) => ordinalOf(pod) >= wanted).toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of isOrdered ? surplus.slice(0, 1) : surplus) actor.delete('/pods', pod);
  if (surplus.length === 0) replaceOutdated(actor, set, pods, revision);
}

function replaceOutdated(actor: Actor, set: JsonObject, pods: readonly JsonObject[], revision: string): void {
  const strategy = asObject(specOf(set)['updateStrategy']);
  if (strategy['type'] === 'OnDelete' || pods.some(isDeleting)) return;
  const partition = asNumber(asObject(strategy['rollingUpdate'])['partition']) ?? 0;
  const outdated = pods.filter((pod) => labelsOf(pod)[revisionLabel] !== revision && ordinalOf(pod) >= partition);
  const last = outdated.toSorted((a, b) => ordinalOf(b) - ordinalOf(a))[0];
  if (last !== undefined) actor.delete('/pods', last);
}

function statusFor(set: JsonObject, pods: readonly JsonObject[], revision: string): JsonObject {
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => labelsOf(pod)[revisionLabel] === revision).length;
  const isDone = updated === pods.length && pods.length === replicasOf(set);
  const before = statusOf(set)['currentRevision'];
  const current = isDone || typeof before !== 'string' ? revision : before;
  const currentCount = pods.filter((pod) => labelsOf(pod)[revisionLabel] === current).length;
  const orNothing = (count: number): number | undefined => (count === 0 ? undefined : count);
  return compact({
    observedGeneration: generationOf(set),
    replicas: pods.length,
    readyReplicas: orNothing(ready),
    currentReplicas: orNothing(currentCount),
    updatedReplicas: orNothing(updated),
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
    availableReplicas: ready,
  });
}

function reconcile(actor: Actor, key: string): void {
  const set = actor.find(resource, key);
  if (set === undefined || isDeleting(set)) return;
  const revision = currentRevision(actor, set);
  const podsNow = (): JsonObject[] =>
    actor.owners.ownedBy(toText(asObject(set['metadata'])['uid']), '/pods').filter(isActive);
  const over = actor.ownedBy(set, '/pods').filter((pod) => !isActive(pod) && phaseOf(pod) !== 'Pending');
  // A pod of the set that has ended is made anew under its name.
  for (const pod of over) actor.delete('/pods', pod);
  step(actor, set, podsNow(), revision);
  actor.setStatus(resource, set, statusFor(set, podsNow(), revision));
}

export const statefulSets: Controller = {
  name: 'statefulsets',
  keysFor: (_actor, event) => workloadKeys(resource, 'StatefulSet', '/pods')(event),
  reconcile,
};
