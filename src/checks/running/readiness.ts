// How many pods of a workload are ready, and how many should be, by what its controller says.

import { asNumber, type KubeObject } from '../../model/index.ts';
import { countIn, specOf, statusOf } from './live-check.ts';
import { isPodReady } from './pod-trouble.ts';

export interface Readiness {
  readonly ready: number;
  readonly wanted: number;
  /** Pods of a change that are not there yet, while those before it serve. */
  readonly behind: boolean;
}

function ofReplicas(object: KubeObject): Readiness {
  const status = statusOf(object);
  const wanted = asNumber(specOf(object)['replicas']) ?? 1;
  const changes = object.kind === 'Deployment' || isRolledOut(object);
  return {
    ready: countIn(status, 'readyReplicas'),
    wanted,
    // What is paused is told as such.
    behind: specOf(object)['paused'] !== true && changes && wanted > 0 && countIn(status, 'updatedReplicas') < wanted,
  };
}

/** A StatefulSet that is told to wait, by its strategy or partition, is where it should be. */
function isRolledOut(object: KubeObject): boolean {
  const { type, rollingUpdate } = specOf({ ...object, raw: { spec: specOf(object)['updateStrategy'] ?? {} } });
  return object.kind === 'StatefulSet' && type !== 'OnDelete' && rollingUpdate === undefined;
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
};
