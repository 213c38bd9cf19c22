// Scheduler and kubelet in one: a pod gets a node, runs and is ready at once; a job's pod has done its work; a deleted one is gone.

import { containersOf } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type JsonObject, toText } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import {
  compact,
  controllerOf,
  isDeleting,
  metadataOf,
  nameOf,
  namespaceOf,
  specOf,
  statusOf,
  uidOf,
  withValue,
} from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { keyOfObject } from './keys.ts';
import { mayRunOn, reaches } from './placement.ts';
import { generationOf, phaseOf } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = '/pods';

function claimsOf(pod: JsonObject): string[] {
  return asArray(specOf(pod)['volumes']).flatMap(
    (each) => asString(asObject(asObject(each)['persistentVolumeClaim'])['claimName']) ?? [],
  );
}

/** Those that its claims have already. */
function volumesOf(actor: Actor, pod: JsonObject): JsonObject[] {
  return claimsOf(pod).flatMap((name) => {
    const claim = actor.get('/persistentvolumeclaims', namespaceOf(pod), name) ?? {};
    const volume = actor.get('/persistentvolumes', '', asString(specOf(claim)['volumeName']) ?? '');
    return volume === undefined ? [] : [volume];
  });
}

/** Why the pod cannot run yet; `undefined` where it can. */
function obstacle(actor: Actor, pod: JsonObject, nodes: readonly JsonObject[]): string | undefined {
  const missing = claimsOf(pod).find(
    (name) => actor.get('/persistentvolumeclaims', namespaceOf(pod), name) === undefined,
  );
  if (missing !== undefined) return `persistentvolumeclaim "${missing}" not found`;
  if (nodes.length > 0) return undefined;
  const count = actor.list('/nodes').length;
  return `0/${count} nodes are available: ${count} node(s) didn't match Pod's node affinity/selector or that of its volumes, or had untolerated taint(s).`;
}

function podsPerNode(actor: Actor): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const pod of actor.list(resource)) {
    const node = asString(specOf(pod)['nodeName']);
    if (node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function emptiest(actor: Actor, nodes: readonly JsonObject[]): string {
  if (nodes.length <= 1) return nodes.map(nameOf)[0] ?? '';
  const counts = podsPerNode(actor);
  const load = (node: JsonObject): number => counts.get(nameOf(node)) ?? 0;
  return nameOf(nodes.toSorted((a, b) => load(a) - load(b))[0] ?? {});
}

function schedule(actor: Actor, pod: JsonObject): void {
  const spec = specOf(pod);
  const volumes = volumesOf(actor, pod);
  const isOpen = (node: JsonObject): boolean => specOf(node)['unschedulable'] !== true && mayRunOn(spec, node);
  const nodes = actor.list('/nodes').filter((node) => isOpen(node) && volumes.every((each) => reaches(each, node)));
  const why = obstacle(actor, pod, nodes);
  if (why === undefined) {
    actor.change(
      resource,
      pod,
      (current) => withValue(current, ['spec', 'nodeName'], emptiest(actor, nodes)),
      'binding',
    );
    return;
  }
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    reason: 'Unschedulable',
    message: why,
  };
  const known = asArray(statusOf(pod)['conditions']).map(asObject);
  if (known.some((each) => each['message'] === why)) return;
  const lastTransitionTime = timestamp(actor.kernel.clock);
  actor.setStatus(resource, pod, { ...statusOf(pod), conditions: [{ ...condition, lastTransitionTime }] });
}

/** Addresses are handed out by a counter that lives as long as the playground. */
class Addresses {
  #last = 1;

  next(): string {
    this.#last += 1;
    return `10.244.${Math.floor(this.#last / 250) % 256}.${(this.#last % 250) + 2}`;
  }
}

function hostAddress(actor: Actor, pod: JsonObject): string {
  const node = actor.get('/nodes', '', asString(specOf(pod)['nodeName']) ?? '');
  const addresses = asArray(statusOf(node ?? {})['addresses']).map(asObject);
  return asString(addresses.find((each) => each['type'] === 'InternalIP')?.['address']) ?? '192.0.2.10';
}

function containerStatus(pod: JsonObject, raw: JsonObject, isDone: boolean, now: string): JsonObject {
  const containerID = `playground://${uidOf(pod).replaceAll('-', '')}-${toText(raw['name'])}`;
  const ended = { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now, containerID };
  return {
    name: raw['name'] ?? '',
    state: isDone ? { terminated: ended } : { running: { startedAt: now } },
    lastState: {},
    ready: !isDone,
    restartCount: 0,
    image: raw['image'] ?? '',
    imageID: '',
    containerID,
    started: !isDone,
    resources: asObject(raw['resources']),
  };
}

function conditionsOf(pod: JsonObject, isDone: boolean, now: string): JsonObject[] {
  const holds: readonly (readonly [string, boolean])[] = [
    ['PodReadyToStartContainers', !isDone],
    ['Initialized', true],
    ['Ready', !isDone],
    ['ContainersReady', !isDone],
    ['PodScheduled', true],
  ];
  return holds.map(([type, isTrue]) =>
    compact({
      type,
      observedGeneration: generationOf(pod),
      status: isTrue ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: now,
      reason: isDone && type !== 'PodScheduled' && type !== 'PodReadyToStartContainers' ? 'PodCompleted' : undefined,
    }),
  );
}

function start(actor: Actor, pod: JsonObject, addresses: Addresses): void {
  const now = timestamp(actor.kernel.clock);
  const isDone = controllerOf(pod)?.['kind'] === 'Job';
  const containers = containersOf(specOf(pod), ['spec']);
  const main = containers.filter(({ role }) => role === 'container');
  const init = containers.filter(({ role }) => role === 'init' || role === 'sidecar');
  const hostIP = hostAddress(actor, pod);
  const podIP = specOf(pod)['hostNetwork'] === true ? hostIP : addresses.next();
  const initStatuses = init.map(({ raw, role }) => containerStatus(pod, raw, isDone || role === 'init', now));
  actor.setStatus(
    resource,
    pod,
    compact({
      ...statusOf(pod),
      observedGeneration: generationOf(pod),
      phase: isDone ? 'Succeeded' : 'Running',
      conditions: conditionsOf(pod, isDone, now),
      hostIP,
      hostIPs: [{ ip: hostIP }],
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      initContainerStatuses: initStatuses.length === 0 ? undefined : initStatuses,
      containerStatuses: main.map(({ raw }) => containerStatus(pod, raw, isDone, now)),
    }),
  );
}

function claimsAreBound(actor: Actor, pod: JsonObject): boolean {
  return claimsOf(pod).every((name) => {
    const claim = actor.get('/persistentvolumeclaims', namespaceOf(pod), name);
    return claim !== undefined && statusOf(claim)['phase'] === 'Bound';
  });
}

function reconcile(actor: Actor, pod: JsonObject, addresses: Addresses): void {
  if (isDeleting(pod)) {
    if (metadataOf(pod)['deletionGracePeriodSeconds'] !== 0) actor.delete(resource, pod, { gracePeriodSeconds: 0 });
    return;
  }
  if (phaseOf(pod) !== 'Pending' || asArray(specOf(pod)['schedulingGates']).length > 0) return;
  if (specOf(pod)['nodeName'] === undefined) schedule(actor, pod);
  else if (claimsAreBound(actor, pod)) start(actor, pod, addresses);
}

function waitingPods(actor: Actor): string[] {
  return actor
    .list(resource)
    .filter((pod) => phaseOf(pod) === 'Pending')
    .map(keyOfObject);
}

export function createPodController(): Controller {
  const addresses = new Addresses();
  const wakers: ReadonlySet<string> = new Set(['/nodes', '/persistentvolumeclaims']);
  return {
    name: 'pods',
    keysFor: (actor, { resource: changed, object }) => {
      if (changed === resource) return [keyOfObject(object)];
      return wakers.has(changed) ? waitingPods(actor) : [];
    },
    reconcile: (actor, key) => {
      const pod = actor.find(resource, key);
      if (pod !== undefined) reconcile(actor, pod, addresses);
    },
  };
}
