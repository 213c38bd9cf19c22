// Looks at workloads of a cluster: how far each of them is, and what ails its pods.

import type { Clock } from '../../api/index.ts';
import { troubleOf } from '../../checks/index.ts';
import type { Sight } from '../../kube/live/lasting-readiness.ts';
import { type FindOwnPods, indexOwnPods } from '../../kube/live/own-pods.ts';
import { rolloutOf } from '../../kube/live/rollout.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { asObject, asString, type JsonObject, type ObjectRef } from '../../model/index.ts';
import { type OpenCluster, readLive, refOf } from '../../targets/index.ts';
import { listPods } from './list-live.ts';

/** A workload at one look. */
export interface SeenWorkload {
  readonly ref: ObjectRef;
  readonly isDone: boolean;
  readonly message: string;
  /** It says of itself that waiting is no use, or a pod of it does. */
  readonly trouble: string | undefined;
  /** None where they change only when somebody says so. */
  readonly pods: readonly JsonObject[];
}

export interface WorkloadLook extends Sight {
  readonly workloads: readonly SeenWorkload[];
  /** What has lasted so long that waiting is no use. */
  readonly trouble: string | undefined;
}

export interface Looking {
  readonly cluster: OpenCluster;
  readonly clock: Clock;
  readonly refs: readonly ObjectRef[];
  /** Identities of pods that were there before: their troubles are none of ours. */
  readonly former: ReadonlySet<string>;
  /** Milliseconds that a trouble must last which waiting may cure. */
  readonly patience: number;
}

/** For messages, and unique among workloads. */
export function keyOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`;
}

export function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

const source = sourceInCluster();

/** Why a pod does not start, where waiting does not cure it. */
export function lastingTrouble(pod: JsonObject): string | undefined {
  const trouble = troubleOf(toObject(pod, source, refOf(pod).namespace));
  return trouble?.lasting === true ? trouble.clause : undefined;
}

/** Remembers from look to look since when each workload is in trouble. */
export class WorkloadLooks {
  private readonly looking: Looking;
  /** By the key of the workload, by the clock. */
  private readonly troubledSince = new Map<string, number>();

  constructor(looking: Looking) {
    this.looking = looking;
  }

  async look(): Promise<WorkloadLook> {
    const { cluster, clock, refs } = this.looking;
    const found = await Promise.all(refs.map(async (ref) => ({ ref, live: await readLive(cluster, ref) })));
    const namespaces = [...new Set(refs.map(({ namespace }) => namespace))];
    const pods = await Promise.all(namespaces.map((namespace) => listPods(cluster, namespace)));
    const podsOf = indexOwnPods(pods.flat());
    const workloads = found.map(({ ref, live }) => this.toSeen(ref, live, podsOf));
    const lasting = workloads.find((each) => this.isLasting(each));
    return {
      at: clock.now(),
      isReady: workloads.every(({ isDone }) => isDone),
      pods: workloads.flatMap((each) => each.pods),
      workloads,
      trouble: lasting === undefined ? undefined : `${keyOf(lasting.ref)}: ${lasting.trouble ?? ''}`,
    };
  }

  private toSeen(ref: ObjectRef, live: JsonObject | undefined, podsOf: FindOwnPods): SeenWorkload {
    const rollout = live === undefined ? undefined : rolloutOf(live);
    if (live === undefined || rollout === undefined)
      return { ref, isDone: true, message: 'it is gone', trouble: undefined, pods: [] };
    const { state, message } = rollout;
    if (state === 'unwatched') return { ref, isDone: true, message, trouble: undefined, pods: [] };
    const own = podsOf(live);
    const trouble = state === 'failed' ? message : this.troubleOfPods(own);
    return { ref, isDone: state === 'done', message: trouble ?? message, trouble, pods: own };
  }

  private troubleOfPods(pods: readonly JsonObject[]): string | undefined {
    const own = pods.filter((pod) => !this.looking.former.has(uidOf(pod)));
    return own.map(lastingTrouble).find((trouble) => trouble !== undefined);
  }

  /** Ready for a moment, a workload is not out of its trouble yet. */
  private isLasting({ ref, isDone, trouble }: SeenWorkload): boolean {
    const { clock, patience } = this.looking;
    const key = keyOf(ref);
    if (isDone) return false;
    if (trouble === undefined) {
      this.troubledSince.delete(key);
      return false;
    }
    const since = this.troubledSince.get(key) ?? clock.now();
    this.troubledSince.set(key, since);
    return clock.now() - since >= patience;
  }
}
