// DaemonSets: one pod on each node that takes it.

import { asObject, type JsonObject, toText } from '../../model/index.ts';
import { compact, isDeleting, labelsOf, nameOf, specOf, withValue } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { keyOfObject, workloadKeys } from './keys.ts';
import { daemonTolerations, mayRunOn } from './placement.ts';
import { generationOf, isActive, isReady, podFrom, templateHash } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'apps/daemonsets';
const revisionLabel = 'controller-revision-hash';

function nodeOf(pod: JsonObject): string {
  return toText(specOf(pod)['nodeName'] ?? '');
}

function nodesFor(actor: Actor, set: JsonObject): string[] {
  const spec = specOf(asObject(specOf(set)['template']));
  return actor
    .list('/nodes')
    .filter((node) => mayRunOn(spec, node, daemonTolerations))
    .map(nameOf);
}

function createOn(actor: Actor, set: JsonObject, node: string, revision: string): void {
  const labels = { [revisionLabel]: revision, 'pod-template-generation': '1' };
  const pod = podFrom(set, asObject(specOf(set)['template']), { generateName: `${nameOf(set)}-` }, labels);
  actor.create('/pods', withValue(pod, ['spec', 'nodeName'], node));
}

/** Outdated pods go one node at a time: the next one when all others are ready. */
function replaceOutdated(actor: Actor, set: JsonObject, pods: readonly JsonObject[], revision: string): void {
  if (asObject(specOf(set)['updateStrategy'])['type'] === 'OnDelete' || !pods.every(isReady)) return;
  const outdated = pods.find((pod) => labelsOf(pod)[revisionLabel] !== revision);
  if (outdated !== undefined) actor.delete('/pods', outdated);
}

function statusFor(
  set: JsonObject,
  nodes: readonly string[],
  pods: readonly JsonObject[],
  revision: string,
): JsonObject {
  const placed = pods.filter((pod) => nodes.includes(nodeOf(pod)));
  const ready = placed.filter(isReady).length;
  const updated = placed.filter((pod) => labelsOf(pod)[revisionLabel] === revision).length;
  const orNothing = (count: number): number | undefined => (count === 0 ? undefined : count);
  return compact({
    currentNumberScheduled: placed.length,
    numberMisscheduled: pods.length - placed.length,
    desiredNumberScheduled: nodes.length,
    numberReady: ready,
    observedGeneration: generationOf(set),
    updatedNumberScheduled: orNothing(updated),
    numberAvailable: orNothing(ready),
    numberUnavailable: orNothing(nodes.length - ready),
  });
}

function reconcile(actor: Actor, key: string): void {
  const set = actor.find(resource, key);
  if (set === undefined || isDeleting(set)) return;
  const revision = templateHash(asObject(specOf(set)['template']));
  const nodes = nodesFor(actor, set);
  const podsNow = (): JsonObject[] => actor.ownedBy(set, '/pods').filter(isActive);
  const pods = podsNow();
  for (const node of nodes) if (!pods.some((pod) => nodeOf(pod) === node)) createOn(actor, set, node, revision);
  for (const pod of pods) if (!nodes.includes(nodeOf(pod))) actor.delete('/pods', pod);
  replaceOutdated(actor, set, podsNow(), revision);
  actor.setStatus(resource, set, statusFor(set, nodes, podsNow(), revision));
}

export const daemonSets: Controller = {
  name: 'daemonsets',
  keysFor: (actor, event) =>
    event.resource === '/nodes'
      ? actor.list(resource).map(keyOfObject)
      : workloadKeys(resource, 'DaemonSet', '/pods')(event),
  reconcile,
};
