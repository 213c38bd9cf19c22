// Waits until the workloads that steps have touched are well again, and says what is wrong where they do not become so.

import { type Clock, deleteObject, isApiError, listAll } from '../../api/index.ts';
import { troubleOf } from '../../checks/index.ts';
import { rolloutOf, unseen } from '../../kube/live/rollout.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { compileSelector, formatSelector } from '../../kube/selectors.ts';
import { asObject, asString, type JsonObject, type ObjectRef, type PlanStep } from '../../model/index.ts';
import { type OpenCluster, readLive, refOf, resourceFor, targetOf } from '../../targets/index.ts';

/** Milliseconds. */
export interface Patience {
  /** How long a workload may take to be ready. */
  readonly ready: number;
  /** How long a trouble must last that waiting may cure. */
  readonly trouble: number;
  /** How long workloads are looked at after changes of what is around them. */
  readonly around: number;
}

export const usualPatience: Patience = { ready: 300_000, trouble: 20_000, around: 30_000 };

interface Watched {
  readonly cluster: OpenCluster;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly tell: (what: string) => void;
}

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
const pause = 1000;

const podRef: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace: '', name: '' };

function isWorkload({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === 'apps/v1' && workloadKinds.includes(kind);
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`;
}

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

function targetsOf(steps: readonly PlanStep[]): ObjectRef[] {
  return steps.flatMap(({ action }) => ('object' in action ? [targetOf(action)] : []));
}

/** What may not be listed is not looked at. */
async function orNothing(reading: Promise<readonly JsonObject[]>): Promise<readonly JsonObject[]> {
  try {
    return await reading;
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return [];
    throw error;
  }
}

interface Sight {
  readonly isDone: boolean;
  readonly message: string;
  /** It says of itself that waiting is no use, or a pod of it does. */
  readonly trouble: string | undefined;
}

const gone: Sight = { isDone: true, message: 'it is gone', trouble: undefined };

export class WorkloadWatch {
  private readonly watched: Watched;
  /** Pods that were there before: their troubles are none of ours. */
  private readonly former = new Set<string>();
  /** Workloads that were well before, and names of those that were not. */
  private well: readonly ObjectRef[] = [];
  private unwell: ReadonlySet<string> = new Set();

  constructor(watched: Watched) {
    this.watched = watched;
  }

  /** To be called before the first step. */
  async remember(steps: readonly PlanStep[]): Promise<void> {
    const namespaces = new Set(targetsOf(steps).map(namespaceOf));
    namespaces.delete('');
    const found: JsonObject[] = [];
    for (const namespace of namespaces) {
      for (const pod of await this.list({ ...podRef, namespace })) this.former.add(uidOf(pod));
      for (const kind of workloadKinds)
        found.push(...(await this.list({ apiVersion: 'apps/v1', kind, namespace, name: '' })));
    }
    const isWell = (each: JsonObject): boolean => rolloutOf(each)?.state === 'done';
    this.well = found.filter(isWell).map(refOf);
    this.unwell = new Set(found.filter((each) => !isWell(each)).map((each) => keyOf(refOf(each))));
  }

  /** Until the workloads among the targets are ready. Those that were not ready before hold nothing up. */
  async untilReady(steps: readonly PlanStep[]): Promise<string | undefined> {
    return await this.wait(targetsOf(steps).filter((ref) => isWorkload(ref) && !this.unwell.has(keyOf(ref))));
  }

  /** Whether all that was well before still is, some time after what is around the workloads was changed. */
  async untilSure(steps: readonly PlanStep[]): Promise<string | undefined> {
    const { clock, patience, tell } = this.watched;
    if (targetsOf(steps).every(isWorkload)) return undefined;
    const end = clock.now() + patience.around;
    while (clock.now() < end) {
      tell(`looking whether ${this.well.length} workloads stay ready, for ${Math.ceil((end - clock.now()) / 1000)} s`);
      await clock.sleep(Math.min(pause, Math.max(0, end - clock.now())));
    }
    return await this.wait(this.well);
  }

  /**
   * Until the workloads are as they were. A StatefulSet waits for the pod that does not start, though its template is the old one again: such pods
   * are deleted, for they are ours. Source: Kubernetes, StatefulSets, forced rollback.
   */
  async untilBack(steps: readonly PlanStep[]): Promise<string | undefined> {
    const workloads = targetsOf(steps).filter(isWorkload);
    for (const ref of workloads) if (ref.kind === 'StatefulSet') await this.releaseStuckPods(ref);
    return await this.wait(workloads);
  }

  private async releaseStuckPods(ref: ObjectRef): Promise<void> {
    const { cluster, tell } = this.watched;
    const live = await this.onceSeen(ref);
    if (live === undefined) return;
    for (const pod of await this.leftOverPods(live)) {
      tell(`deleting Pod ${refOf(pod).name}, which does not start`);
      await deletePod(cluster, pod);
    }
  }

  /** The workload when its controller has looked at the template as it is; `undefined` where that does not come about. */
  private async onceSeen(ref: ObjectRef): Promise<JsonObject | undefined> {
    const { cluster, clock, patience } = this.watched;
    const end = clock.now() + patience.ready;
    for (;;) {
      const live = await readLive(cluster, ref);
      if (live === undefined || rolloutOf(live)?.message !== unseen) return live;
      if (clock.now() >= end) return undefined;
      await clock.sleep(pause);
    }
  }

  /** Pods in trouble that are not made from the template as it is. */
  private async leftOverPods(workload: JsonObject): Promise<readonly JsonObject[]> {
    const { updateRevision } = asObject(workload['status']);
    const pods = await this.podsOf(workload);
    return pods.filter((pod) => {
      const revision = asObject(asObject(pod['metadata'])['labels'])['controller-revision-hash'];
      return revision !== updateRevision && lastingTrouble(pod) !== undefined;
    });
  }

  private async podsOf(workload: JsonObject): Promise<readonly JsonObject[]> {
    const selector = formatSelector(compileSelector(asObject(workload['spec'])['selector']));
    return await this.list({ ...podRef, namespace: refOf(workload).namespace }, selector);
  }

  private async list(ref: ObjectRef, labelSelector?: string): Promise<readonly JsonObject[]> {
    const { cluster } = this.watched;
    const options = { namespace: ref.namespace, ...(labelSelector === undefined ? {} : { labelSelector }) };
    return await orNothing(listAll(cluster.client, resourceFor(cluster, ref), options).then(({ items }) => items));
  }

  private async wait(refs: readonly ObjectRef[]): Promise<string | undefined> {
    const { clock, patience, tell } = this.watched;
    const end = clock.now() + patience.ready;
    const troubles = new Map<string, number>();
    let waiting = refs;
    for (;;) {
      const sights = await Promise.all(waiting.map(async (ref) => ({ ref, sight: await this.look(ref) })));
      const open = sights.filter(({ sight }) => !sight.isDone);
      const [first] = open;
      if (first === undefined) return undefined;
      const lasting = open.find(({ ref, sight }) => this.lasts(keyOf(ref), sight, troubles));
      if (lasting !== undefined) return `${keyOf(lasting.ref)}: ${lasting.sight.trouble ?? ''}`;
      const now = clock.now();
      if (now >= end)
        return `${keyOf(first.ref)} is not ready after ${Math.round(patience.ready / 1000)} s: ${first.sight.message}`;
      tell(`waiting for ${keyOf(first.ref)}: ${first.sight.message}`);
      waiting = open.map(({ ref }) => ref);
      await clock.sleep(pause);
    }
  }

  private lasts(key: string, { trouble }: Sight, troubles: Map<string, number>): boolean {
    const { clock, patience } = this.watched;
    if (trouble === undefined) {
      troubles.delete(key);
      return false;
    }
    const since = troubles.get(key) ?? clock.now();
    troubles.set(key, since);
    return clock.now() - since >= patience.trouble;
  }

  private async look(ref: ObjectRef): Promise<Sight> {
    const live = await readLive(this.watched.cluster, ref);
    const rollout = live === undefined ? undefined : rolloutOf(live);
    if (live === undefined || rollout === undefined) return gone;
    const { state, message } = rollout;
    const isDone = state === 'done' || state === 'unwatched';
    if (isDone || state === 'failed') return { isDone, message, trouble: isDone ? undefined : message };
    const trouble = await this.troubleOfPods(live);
    return { isDone, message: trouble ?? message, trouble };
  }

  private async troubleOfPods(workload: JsonObject): Promise<string | undefined> {
    const pods = await this.podsOf(workload);
    const own = pods.filter((pod) => !this.former.has(uidOf(pod)));
    return own.map(lastingTrouble).find((trouble) => trouble !== undefined);
  }
}

const source = sourceInCluster();

/** Why a pod does not start, where waiting does not cure it. */
function lastingTrouble(pod: JsonObject): string | undefined {
  const trouble = troubleOf(toObject(pod, source, refOf(pod).namespace));
  return trouble?.lasting === true ? trouble.clause : undefined;
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

/** A change of a namespace is a change for what is in it. */
function namespaceOf({ kind, namespace, name }: ObjectRef): string {
  return kind === 'Namespace' ? name : namespace;
}
