// Deployments: one ReplicaSet for each template, the newest full as soon as it is ready, the others empty.

import { asArray, asNumber, asObject, isSameJson, type JsonObject } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import {
  compact,
  isDeleting,
  labelsOf,
  metadataOf,
  nameOf,
  namespaceOf,
  specOf,
  statusOf,
  withMetadata,
  withValue,
} from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { workloadKeys } from './keys.ts';
import { generationOf, ownerReference, replicasOf, templateHash } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'apps/deployments';
const sets = 'apps/replicasets';
const hashLabel = 'pod-template-hash';
const revisionMark = 'deployment.kubernetes.io/revision';

function withoutHash(template: JsonObject): JsonObject {
  const { [hashLabel]: _hash, ...labels } = labelsOf(template);
  return withMetadata(template, { labels });
}

function revisionOf(object: JsonObject): number {
  return Number(asObject(metadataOf(object)['annotations'])[revisionMark] ?? 0);
}

function setFor(deployment: JsonObject, revision: number): JsonObject {
  const spec = specOf(deployment);
  const template = asObject(spec['template']);
  const hash = templateHash(template);
  const labels = { ...labelsOf(template), [hashLabel]: hash };
  const selector = asObject(spec['selector']);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: { ...asObject(metadataOf(deployment)['annotations']), [revisionMark]: String(revision) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...asObject(selector['matchLabels']), [hashLabel]: hash } },
      template: withMetadata(template, { labels }),
    },
  };
}

interface Sets {
  readonly current: JsonObject | undefined;
  readonly old: readonly JsonObject[];
}

function setsOf(actor: Actor, deployment: JsonObject): Sets {
  const template = withoutHash(asObject(specOf(deployment)['template']));
  const all = actor.ownedBy(deployment, sets);
  const current = all.find((each) => isSameJson(withoutHash(asObject(specOf(each)['template'])), template));
  return { current, old: all.filter((each) => each !== current) };
}

function resize(actor: Actor, set: JsonObject, replicas: number): void {
  if (replicasOf(set) === replicas) return;
  actor.change(sets, set, (current) => withValue(current, ['spec', 'replicas'], replicas));
}

function withRevision(object: JsonObject, revision: number): JsonObject {
  const annotations = asObject(metadataOf(object)['annotations']);
  return withMetadata(object, { annotations: { ...annotations, [revisionMark]: String(revision) } });
}

/** A template that was used before becomes the newest revision again: a rollback. */
function withCurrentSet(actor: Actor, deployment: JsonObject, { current, old }: Sets): JsonObject | undefined {
  const last = Math.max(0, ...old.map(revisionOf));
  if (current === undefined) return actor.create(sets, setFor(deployment, last + 1));
  if (revisionOf(current) > last) return current;
  return actor.change(sets, current, (each) => withRevision(each, last + 1));
}

function rollOut(actor: Actor, deployment: JsonObject, current: JsonObject, old: readonly JsonObject[]): void {
  const wanted = replicasOf(deployment);
  const isRecreated = asObject(specOf(deployment)['strategy'])['type'] === 'Recreate';
  const oldPods = old.reduce((sum, each) => sum + (asNumber(statusOf(each)['replicas']) ?? 0), 0);
  const available = asNumber(statusOf(current)['availableReplicas']) ?? 0;
  if (isRecreated || available >= wanted) for (const each of old) resize(actor, each, 0);
  if (!isRecreated || oldPods === 0) resize(actor, current, wanted);
}

function cleanUp(actor: Actor, deployment: JsonObject, old: readonly JsonObject[]): void {
  const limit = asNumber(specOf(deployment)['revisionHistoryLimit']) ?? 10;
  const empty = old.filter((each) => replicasOf(each) === 0 && asNumber(statusOf(each)['replicas']) === 0);
  const tooMany = empty.toSorted((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, empty.length - limit));
  for (const each of tooMany) actor.delete(sets, each);
}

interface Fact {
  readonly type: string;
  readonly holds: boolean;
  readonly reason: string;
  readonly message: string;
}

/** A condition keeps its time as long as its status is the same. */
function conditionsOf(actor: Actor, deployment: JsonObject, facts: readonly Fact[]): JsonObject[] {
  const known = asArray(statusOf(deployment)['conditions']).map(asObject);
  const now = timestamp(actor.kernel.clock);
  const others = known.filter((each) => !facts.some(({ type }) => type === each['type']));
  const own = facts.map(({ type, holds, reason, message }) => {
    const status = holds ? 'True' : 'False';
    const before = known.find((each) => each['type'] === type);
    const isSame = before?.['status'] === status;
    const isEqual = isSame && before?.['reason'] === reason;
    const lastUpdateTime = isEqual ? before['lastUpdateTime'] : now;
    return compact({
      type,
      status,
      lastUpdateTime,
      lastTransitionTime: isSame ? before['lastTransitionTime'] : now,
      reason,
      message,
    });
  });
  return [...others, ...own];
}

function countIn(list: readonly JsonObject[], field: string): number {
  return list.reduce((sum, each) => sum + (asNumber(statusOf(each)[field]) ?? 0), 0);
}

function leastAvailable(deployment: JsonObject): number {
  const wanted = replicasOf(deployment);
  const rolling = asObject(asObject(specOf(deployment)['strategy'])['rollingUpdate']);
  const raw = rolling['maxUnavailable'] ?? 0;
  const missing = typeof raw === 'string' ? Math.floor((wanted * Number(raw.replace('%', ''))) / 100) : Number(raw);
  return wanted - missing;
}

function statusFor(actor: Actor, deployment: JsonObject, current: JsonObject, all: readonly JsonObject[]): JsonObject {
  const wanted = replicasOf(deployment);
  const replicas = countIn(all, 'replicas');
  const available = countIn(all, 'availableReplicas');
  const updated = countIn([current], 'replicas');
  const isDone = updated === wanted && replicas === wanted && available >= wanted;
  const isAvailable = available >= leastAvailable(deployment);
  const orNothing = (count: number): number | undefined => (count <= 0 ? undefined : count);
  const facts: Fact[] = [
    {
      type: 'Available',
      holds: isAvailable,
      reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: isAvailable ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    },
    {
      type: 'Progressing',
      holds: true,
      reason: isDone ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: `ReplicaSet "${nameOf(current)}" ${isDone ? 'has successfully progressed.' : 'is progressing.'}`,
    },
  ];
  return compact({
    observedGeneration: generationOf(deployment),
    replicas: orNothing(replicas),
    updatedReplicas: orNothing(updated),
    readyReplicas: orNothing(countIn(all, 'readyReplicas')),
    availableReplicas: orNothing(available),
    unavailableReplicas: orNothing(Math.max(0, wanted - available)),
    conditions: conditionsOf(actor, deployment, facts),
  });
}

function reconcile(actor: Actor, key: string): void {
  const found = actor.find(resource, key);
  if (found === undefined || isDeleting(found)) return;
  const { old } = setsOf(actor, found);
  const current = withCurrentSet(actor, found, setsOf(actor, found));
  if (current === undefined) return;
  const revision = revisionOf(current);
  const deployment =
    revisionOf(found) === revision
      ? found
      : (actor.change(resource, found, (each) => withRevision(each, revision)) ?? found);
  if (specOf(deployment)['paused'] !== true) rollOut(actor, deployment, current, old);
  cleanUp(actor, deployment, old);
  const latest = setsOf(actor, deployment);
  const all = [...latest.old, ...(latest.current === undefined ? [] : [latest.current])];
  actor.setStatus(resource, deployment, statusFor(actor, deployment, latest.current ?? current, all));
}

export const deployments: Controller = {
  name: 'deployments',
  keysFor: (_actor, event) => workloadKeys(resource, 'Deployment', sets)(event),
  reconcile,
};
