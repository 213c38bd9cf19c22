// Waits until the workloads that steps have touched are well again and stay so, and says what is wrong where they do not.

import { type Clock, deleteObject, isApiError, listAll } from '../../api/index.ts';
import { troubleOf } from '../../checks/index.ts';
import {
  followReadiness,
  hasLasted,
  type HeldReadiness,
  lastingAfter,
  tellUnsteady,
} from '../../kube/live/lasting-readiness.ts';
import { ownPods } from '../../kube/live/own-pods.ts';
import { rolloutOf, unseen } from '../../kube/live/rollout.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { asObject, asString, type JsonObject, type ObjectRef, type PlanStep } from '../../model/index.ts';
import { type OpenCluster, readLive, refOf, resourceFor, targetOf } from '../../targets/index.ts';

/** Milliseconds. */
export interface Patience {
  /** How long a workload may take to be ready. */
  readonly ready: number;
  /** How long a trouble must last that waiting may cure. */
  readonly trouble: number;
  /** How long all that were changed must stay ready in the end. */
  readonly lasting: number;
  /** How long workloads are looked at after changes of what is around them. */
  readonly around: number;
}

export const usualPatience: Patience = {
  ready: 300_000,
  trouble: 20_000,
  lasting: lastingAfter,
  around: 30_000,
};

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

/** A workload at one look. */
interface Seen {
  readonly ref: ObjectRef;
  readonly isDone: boolean;
  readonly message: string;
  /** It says of itself that waiting is no use, or a pod of it does. */
  readonly trouble: string | undefined;
  /** None where they change only when somebody says so. */
  readonly pods: readonly JsonObject[];
}

export class WorkloadWatch {
  private readonly watched: Watched;
  /** Pods that were there before: their troubles are none of ours. */
  private readonly former = new Set<string>();
  /** Workloads that were well before, and names of those that were not. */
  private well: readonly ObjectRef[] = [];
  private unwell: ReadonlySet<string> = new Set();
  /** What steps have changed until now, by its name. */
  private readonly changed = new Map<string, ObjectRef>();

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

  /**
   * Until the workloads among the targets are ready, and those of the steps before still are: each is looked at on while the next ones are changed. Those
   * that were not ready before hold nothing up.
   */
  async untilReady(steps: readonly PlanStep[]): Promise<string | undefined> {
    const own = targetsOf(steps).filter((ref) => isWorkload(ref) && !this.unwell.has(keyOf(ref)));
    for (const ref of own) this.changed.set(keyOf(ref), ref);
    return own.length === 0 ? undefined : await this.wait([...this.changed.values()], 0);
  }

  /** Whether all that was changed stays ready; and all that was well before, some time after what is around it was changed. */
  async untilSure(steps: readonly PlanStep[]): Promise<string | undefined> {
    const { lasting, around } = this.watched.patience;
    if (targetsOf(steps).every(isWorkload)) return await this.wait([...this.changed.values()], lasting);
    const all = new Map([...this.well.map((ref) => [keyOf(ref), ref] as const), ...this.changed]);
    const least = this.changed.size === 0 ? Math.min(lasting, around) : lasting;
    await this.lookOn(around - least, all.size);
    return await this.wait([...all.values()], least);
  }

  private async lookOn(milliseconds: number, count: number): Promise<void> {
    const { clock, tell } = this.watched;
    const end = clock.now() + milliseconds;
    while (clock.now() < end) {
      tell(`looking whether ${count} workloads stay ready, for ${Math.ceil((end - clock.now()) / 1000)} s`);
      await clock.sleep(Math.min(pause, Math.max(0, end - clock.now())));
    }
  }

  /**
   * Until the workloads are as they were. A StatefulSet waits for the pod that does not start, though its template is the old one again: such pods
   * are deleted, for they are ours. Source: Kubernetes, StatefulSets, forced rollback.
   */
  async untilBack(steps: readonly PlanStep[]): Promise<string | undefined> {
    const workloads = targetsOf(steps).filter(isWorkload);
    for (const ref of workloads) if (ref.kind === 'StatefulSet') await this.releaseStuckPods(ref);
    return await this.wait(workloads, this.watched.patience.lasting);
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
    const { namespace } = refOf(workload);
    const pods = ownPods(workload, await this.list({ ...podRef, namespace }));
    return pods.filter((pod) => {
      const revision = asObject(asObject(pod['metadata'])['labels'])['controller-revision-hash'];
      return revision !== updateRevision && lastingTrouble(pod) !== undefined;
    });
  }

  private async list(ref: ObjectRef): Promise<readonly JsonObject[]> {
    const { cluster } = this.watched;
    const { namespace } = ref;
    return await orNothing(
      listAll(cluster.client, resourceFor(cluster, ref), { namespace }).then(({ items }) => items),
    );
  }

  /** `least`: milliseconds that the readiness must last; 0 where its first moment will do. */
  private async wait(refs: readonly ObjectRef[], least: number): Promise<string | undefined> {
    const { clock, patience, tell } = this.watched;
    const end = clock.now() + patience.ready;
    const troubles = new Map<string, number>();
    let held: HeldReadiness | undefined;
    while (refs.length > 0) {
      const seen = await this.lookAt(refs);
      const lasting = seen.find((each) => this.isLasting(each, troubles));
      if (lasting !== undefined) return `${keyOf(lasting.ref)}: ${lasting.trouble ?? ''}`;
      const sight = {
        at: clock.now(),
        isReady: seen.every(({ isDone }) => isDone),
        pods: seen.flatMap(({ pods }) => pods),
      };
      const before = held;
      held = followReadiness(before, sight);
      if (held !== undefined && (least === 0 || hasLasted(held, sight, least))) return undefined;
      if (held === undefined && sight.at >= end) return tellLate(seen, before, patience);
      tell(tellWaiting(seen));
      await clock.sleep(pause);
    }
    return undefined;
  }

  /** Ready for a moment, a workload is not out of its trouble yet. */
  private isLasting({ ref, isDone, trouble }: Seen, troubles: Map<string, number>): boolean {
    const { clock, patience } = this.watched;
    const key = keyOf(ref);
    if (isDone) return false;
    if (trouble === undefined) {
      troubles.delete(key);
      return false;
    }
    const since = troubles.get(key) ?? clock.now();
    troubles.set(key, since);
    return clock.now() - since >= patience.trouble;
  }

  private async lookAt(refs: readonly ObjectRef[]): Promise<readonly Seen[]> {
    const { cluster } = this.watched;
    const found = await Promise.all(refs.map(async (ref) => ({ ref, live: await readLive(cluster, ref) })));
    const namespaces = [...new Set(refs.map(({ namespace }) => namespace))];
    const pods = await Promise.all(namespaces.map((namespace) => this.list({ ...podRef, namespace })));
    return found.map(({ ref, live }) => this.toSeen(ref, live, pods.flat()));
  }

  private toSeen(ref: ObjectRef, live: JsonObject | undefined, pods: readonly JsonObject[]): Seen {
    const rollout = live === undefined ? undefined : rolloutOf(live);
    if (live === undefined || rollout === undefined)
      return { ref, isDone: true, message: 'it is gone', trouble: undefined, pods: [] };
    const { state, message } = rollout;
    if (state === 'unwatched') return { ref, isDone: true, message, trouble: undefined, pods: [] };
    const own = ownPods(live, pods);
    const trouble = state === 'failed' ? message : this.troubleOfPods(own);
    return { ref, isDone: state === 'done', message: trouble ?? message, trouble, pods: own };
  }

  private troubleOfPods(pods: readonly JsonObject[]): string | undefined {
    const own = pods.filter((pod) => !this.former.has(uidOf(pod)));
    return own.map(lastingTrouble).find((trouble) => trouble !== undefined);
  }
}

function tellWaiting(seen: readonly Seen[]): string {
  const open = seen.find(({ isDone }) => !isDone);
  if (open !== undefined) return `waiting for ${keyOf(open.ref)}: ${open.message}`;
  const [first] = seen;
  const all = first !== undefined && seen.length === 1 ? `${keyOf(first.ref)} stays` : `${seen.length} workloads stay`;
  return `looking whether ${all} ready`;
}

/** What is not as it should be when the time is up. */
function tellLate(seen: readonly Seen[], held: HeldReadiness | undefined, { ready }: Patience): string {
  const after = `is not ready after ${Math.round(ready / 1000)} s`;
  for (const { ref, isDone, message, pods } of seen) {
    const why = isDone ? tellUnsteady(pods, held) : message;
    if (why !== undefined) return `${keyOf(ref)} ${after}: ${why}`;
  }
  return `the app ${after}`;
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
