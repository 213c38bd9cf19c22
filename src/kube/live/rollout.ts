// How far a workload's change has got, by what its controller says. Source: kubectl 1.34, `rollout status`.

import { asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { conditionOf } from './condition.ts';

export interface Rollout {
  /** `unwatched`: its pods do not change by themselves. */
  readonly state: 'done' | 'going' | 'failed' | 'unwatched';
  /** `2 of 3 pods are new`; the end of a sentence about the workload. */
  readonly message: string;
}

function count(object: JsonObject, field: string): number {
  return asNumber(object[field]) ?? 0;
}

function isObserved({ metadata, status }: JsonObject): boolean {
  return count(asObject(status), 'observedGeneration') >= count(asObject(metadata), 'generation');
}

function going(message: string): Rollout {
  return { state: 'going', message };
}

const done: Rollout = { state: 'done', message: 'all pods are new and ready' };

/** What says that waiting is no use. */
function deploymentFailure(status: JsonObject): Rollout | undefined {
  const refused = conditionOf(status, 'ReplicaFailure');
  if (refused['status'] === 'True')
    return { state: 'failed', message: `its pods are refused: ${asString(refused['message']) ?? ''}` };
  const late = conditionOf(status, 'Progressing')['reason'] === 'ProgressDeadlineExceeded';
  return late ? { state: 'failed', message: 'its deadline for progress has passed' } : undefined;
}

function ofDeployment({ spec, status: rawStatus }: JsonObject): Rollout {
  const { replicas, paused } = asObject(spec);
  const status = asObject(rawStatus);
  if (paused === true) return { state: 'unwatched', message: 'it is paused: its pods change when it is resumed' };
  const wanted = asNumber(replicas) ?? 1;
  const updated = count(status, 'updatedReplicas');
  const available = count(status, 'availableReplicas');
  const failure = deploymentFailure(status);
  if (failure !== undefined) return failure;
  if (updated < wanted) return going(`${updated} of ${wanted} pods are new`);
  if (count(status, 'replicas') > updated) return going(`${count(status, 'replicas') - updated} old pods are ending`);
  return available < updated ? going(`${available} of ${updated} new pods are available`) : done;
}

function ofStatefulSet({ spec, status: rawStatus }: JsonObject): Rollout {
  const { replicas, updateStrategy } = asObject(spec);
  const { type, rollingUpdate } = asObject(updateStrategy);
  const status = asObject(rawStatus);
  if (type === 'OnDelete') return { state: 'unwatched', message: 'its pods change when somebody deletes them' };
  const wanted = asNumber(replicas) ?? 1;
  const ready = count(status, 'readyReplicas');
  if (ready < wanted) return going(`${ready} of ${wanted} pods are ready`);
  const isAllNew = status['updateRevision'] === status['currentRevision'];
  const toUpdate = wanted - count(asObject(rollingUpdate), 'partition');
  const updated = count(status, 'updatedReplicas');
  return isAllNew || updated >= toUpdate ? done : going(`${updated} of ${toUpdate} pods are new`);
}

function ofDaemonSet({ spec, status: rawStatus }: JsonObject): Rollout {
  const status = asObject(rawStatus);
  if (asObject(asObject(spec)['updateStrategy'])['type'] === 'OnDelete')
    return { state: 'unwatched', message: 'its pods change when somebody deletes them' };
  const wanted = count(status, 'desiredNumberScheduled');
  const updated = count(status, 'updatedNumberScheduled');
  const available = count(status, 'numberAvailable');
  if (updated < wanted) return going(`${updated} of ${wanted} pods are new`);
  return available < wanted ? going(`${available} of ${wanted} new pods are available`) : done;
}

const readers = new Map([
  ['Deployment', ofDeployment],
  ['StatefulSet', ofStatefulSet],
  ['DaemonSet', ofDaemonSet],
]);

/** Kinds of `apps/v1` whose pods change, become ready, and can be waited for. */
export const rolloutKinds: readonly string[] = [...readers.keys()];

/** What is said before the controller has looked at the change. */
export const unseen = 'its controller has not seen the change yet';

/** `undefined` for what has no pods of its own to wait for. */
export function rolloutOf(object: JsonObject): Rollout | undefined {
  const reader = readers.get(asString(object['kind']) ?? '');
  if (object['apiVersion'] !== 'apps/v1' || reader === undefined) return undefined;
  return isObserved(object) ? reader(object) : going(unseen);
}
