// ReplicaSets: as many pods as wanted.

import { asObject, type JsonObject } from '../../model/index.ts';
import { compact, isDeleting, labelsOf, nameOf, specOf } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { workloadKeys } from './keys.ts';
import { generationOf, isActive, isReady, podFrom, replicasOf } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'apps/replicasets';

function scale(actor: Actor, set: JsonObject, pods: readonly JsonObject[]): void {
  const wanted = replicasOf(set);
  const template = asObject(specOf(set)['template']);
  for (let count = pods.length; count < wanted; count += 1)
    actor.create('/pods', podFrom(set, template, { generateName: `${nameOf(set)}-` }));
  // Those that are not ready are missed least.
  const surplus = pods
    .toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, pods.length - wanted));
  for (const pod of surplus) actor.delete('/pods', pod);
}

function statusFor(set: JsonObject, pods: readonly JsonObject[]): JsonObject {
  const labels = Object.entries(labelsOf(asObject(specOf(set)['template'])));
  const labelled = pods.filter((pod) => labels.every(([key, value]) => labelsOf(pod)[key] === value)).length;
  const ready = pods.filter(isReady).length;
  const orNothing = (count: number): number | undefined => (count === 0 ? undefined : count);
  return compact({
    replicas: pods.length,
    fullyLabeledReplicas: orNothing(labelled),
    readyReplicas: orNothing(ready),
    availableReplicas: orNothing(ready),
    observedGeneration: generationOf(set),
  });
}

export const replicaSets: Controller = {
  name: 'replicasets',
  keysFor: (_actor, event) => workloadKeys(resource, 'ReplicaSet', '/pods')(event),
  reconcile: (actor, key) => {
    const set = actor.find(resource, key);
    if (set === undefined) return;
    const activePods = (): JsonObject[] => actor.ownedBy(set, '/pods').filter(isActive);
    if (!isDeleting(set)) scale(actor, set, activePods());
    actor.setStatus(resource, set, statusFor(set, activePods()));
  },
};
