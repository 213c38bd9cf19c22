// Waits until the workloads that steps have touched are well again and stay so, and says what is wrong where they do not.

import type { Clock } from '../../api/index.ts';
import { hasLasted, type HeldReadiness, lastingAfter, tellUnsteady } from '../../kube/live/lasting-readiness.ts';
import { rolloutKinds, rolloutOf } from '../../kube/live/rollout.ts';
import { untilLasting } from '../../kube/live/until-lasting.ts';
import type { JsonObject, ObjectRef, PlanStep } from '../../model/index.ts';
import { type OpenCluster, refOf, targetOf } from '../../targets/index.ts';
import { listLive, listPods } from './list-live.ts';
import { keyOf, type SeenWorkload, uidOf, WorkloadLooks } from './look-at-workloads.ts';
import { releaseStuckPods } from './release-stuck-pods.ts';

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

const pause = 1000;

function isWorkload({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === 'apps/v1' && rolloutKinds.includes(kind);
}

function targetsOf(steps: readonly PlanStep[]): ObjectRef[] {
  return steps.flatMap(({ action }) => ('object' in action ? [targetOf(action)] : []));
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
    const { cluster } = this.watched;
    const namespaces = new Set(targetsOf(steps).map(namespaceOf));
    namespaces.delete('');
    const found: JsonObject[] = [];
    for (const namespace of namespaces) {
      for (const pod of await listPods(cluster, namespace)) this.former.add(uidOf(pod));
      for (const kind of rolloutKinds)
        found.push(...(await listLive(cluster, { apiVersion: 'apps/v1', kind, namespace })));
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

  /** Until the workloads are as they were. */
  async untilBack(steps: readonly PlanStep[]): Promise<string | undefined> {
    const { patience, ...rest } = this.watched;
    const workloads = targetsOf(steps).filter(isWorkload);
    for (const ref of workloads)
      if (ref.kind === 'StatefulSet') await releaseStuckPods(ref, { ...rest, patience: patience.ready });
    return await this.wait(workloads, patience.lasting);
  }

  /** `least`: milliseconds that the readiness must last; 0 where its first moment will do. */
  private async wait(refs: readonly ObjectRef[], least: number): Promise<string | undefined> {
    if (refs.length === 0) return undefined;
    const { cluster, clock, patience, tell } = this.watched;
    const looks = new WorkloadLooks({ cluster, clock, refs, former: this.former, patience: patience.trouble });
    const end = clock.now() + patience.ready;
    const { look, lasts, broken } = await untilLasting({
      look: () => looks.look(),
      hasLasted: (held, sight) => least === 0 || hasLasted(held, sight, least),
      isTooLate: ({ at, trouble }) => trouble !== undefined || at >= end,
      ask: () => Promise.resolve(),
      tell: ({ workloads }) => tell(tellWaiting(workloads)),
      pause: () => clock.sleep(pause),
    });
    return lasts ? undefined : (look.trouble ?? tellLate(look.workloads, broken, patience));
  }
}

function tellWaiting(seen: readonly SeenWorkload[]): string {
  const open = seen.find(({ isDone }) => !isDone);
  if (open !== undefined) return `waiting for ${keyOf(open.ref)}: ${open.message}`;
  const [first] = seen;
  const all = first !== undefined && seen.length === 1 ? `${keyOf(first.ref)} stays` : `${seen.length} workloads stay`;
  return `looking whether ${all} ready`;
}

/** What is not as it should be when the time is up. */
function tellLate(seen: readonly SeenWorkload[], held: HeldReadiness | undefined, { ready }: Patience): string {
  const after = `is not ready after ${Math.round(ready / 1000)} s`;
  for (const { ref, isDone, message, pods } of seen) {
    const why = isDone ? tellUnsteady(pods, held) : message;
    if (why !== undefined) return `${keyOf(ref)} ${after}: ${why}`;
  }
  return `the app ${after}`;
}

/** A change of a namespace is a change for what is in it. */
function namespaceOf({ kind, namespace, name }: ObjectRef): string {
  return kind === 'Namespace' ? name : namespace;
}
