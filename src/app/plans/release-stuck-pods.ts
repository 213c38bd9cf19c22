// Frees a StatefulSet whose template is the old one again: it waits for its pod that does not start. Source: Kubernetes, StatefulSets, forced rollback.

import { type Clock, deleteObject, isApiError } from '../../api/index.ts';
import { indexOwnPods } from '../../kube/live/own-pods.ts';
import { rolloutOf, unseen } from '../../kube/live/rollout.ts';
import { asObject, type JsonObject, type ObjectRef } from '../../model/index.ts';
import { type OpenCluster, readLive, refOf, resourceFor } from '../../targets/index.ts';
import { listPods } from './list-live.ts';
import { lastingTrouble, uidOf } from './look-at-workloads.ts';

export interface Releasing {
  readonly cluster: OpenCluster;
  readonly clock: Clock;
  /** Milliseconds for the controller to look at the template. */
  readonly patience: number;
  readonly tell: (what: string) => void;
}

/** The workload when its controller has looked at the template as it is; `undefined` where that does not come about. */
async function onceSeen(ref: ObjectRef, { cluster, clock, patience }: Releasing): Promise<JsonObject | undefined> {
  const end = clock.now() + patience;
  for (;;) {
    const live = await readLive(cluster, ref);
    if (live === undefined || rolloutOf(live)?.message !== unseen) return live;
    if (clock.now() >= end) return undefined;
    await clock.sleep(1000);
  }
}

/** Pods in trouble that are not made from the template as it is. */
async function leftOverPods(workload: JsonObject, cluster: OpenCluster): Promise<readonly JsonObject[]> {
  const { updateRevision } = asObject(workload['status']);
  const podsOf = indexOwnPods(await listPods(cluster, refOf(workload).namespace));
  return podsOf(workload).filter((pod) => {
    const revision = asObject(asObject(pod['metadata'])['labels'])['controller-revision-hash'];
    return revision !== updateRevision && lastingTrouble(pod) !== undefined;
  });
}

/** This very pod; without the right to it stays, and the watch tells of it. */
async function deletePod(cluster: OpenCluster, pod: JsonObject): Promise<void> {
  const ref = refOf(pod);
  try {
    await deleteObject(cluster.client, resourceFor(cluster, ref), ref, { uid: uidOf(pod) });
  } catch (error) {
    if (!isApiError(error, 403) && !isApiError(error, 404) && !isApiError(error, 409)) throw error;
  }
}

/** Deletes the pods of a StatefulSet that do not start, for they are ours. */
export async function releaseStuckPods(ref: ObjectRef, releasing: Releasing): Promise<void> {
  const { cluster, tell } = releasing;
  const live = await onceSeen(ref, releasing);
  if (live === undefined) return;
  for (const pod of await leftOverPods(live, cluster)) {
    tell(`deleting Pod ${refOf(pod).name}, which does not start`);
    await deletePod(cluster, pod);
  }
}
