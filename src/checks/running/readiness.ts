// How many pods of a workload are ready, and how many should be, by what its controller says.

import { asArray, asNumber, asObject, type KubeObject } from '../../model/index.ts';
import { countIn, specOf, statusOf } from './live-check.ts';
import { isPodReady } from './pod-trouble.ts';

export interface Readiness {
  readonly ready: number;
  readonly wanted: number;
  /** Pods of a change that are not there yet, while those before it serve. */
  readonly behind: boolean;
}

/** Not one that is paused, which another check tells, nor a StatefulSet that changes its pods only when told to. */
function changesByItself(object: KubeObject): boolean {
  const { paused, updateStrategy } = specOf(object);
  if (object.kind === 'Deployment') return paused !== true;
  const { type, rollingUpdate } = asObject(updateStrategy);
  return object.kind === 'StatefulSet' && type !== 'OnDelete' && countIn(asObject(rollingUpdate), 'partition') === 0;
}

/** `updatedReplicas` counts pods of the new template, ready or not: those from before are the rest of `replicas`. */
function ofReplicas(object: KubeObject): Readiness {
  const status = statusOf(object);
  const wanted = asNumber(specOf(object)['replicas']) ?? 1;
  const updated = countIn(status, 'updatedReplicas');
  return {
    ready: countIn(status, 'readyReplicas'),
    wanted,
    behind: changesByItself(object) && (updated < wanted || countIn(status, 'replicas') > updated),
  };
}

/** By kind. */
export const readinessReaders: Readonly<Record<string, (object: KubeObject) => Readiness>> = {
  Deployment: ofReplicas,
  StatefulSet: ofReplicas,
  ReplicaSet: ofReplicas,
  ReplicationController: ofReplicas,
  DaemonSet: (object) => ({
    ready: countIn(statusOf(object), 'numberReady'),
    wanted: countIn(statusOf(object), 'desiredNumberScheduled'),
    behind: false,
  }),
  Pod: (object) => ({ ready: isPodReady(object) ? 1 : 0, wanted: 1, behind: false }),
  // A job has no pods to be ready; only those that cannot start are told.
  Job: (object) => ({ ready: 0, wanted: countIn(statusOf(object), 'active'), behind: false }),
  CronJob: (object) => ({ ready: 0, wanted: asArray(statusOf(object)['active']).length, behind: false }),
};

/** True where pods end, and are not waited for to be ready. */
export function runsToAnEnd({ kind }: KubeObject): boolean {
  return kind === 'Job' || kind === 'CronJob';
}
