// Waits until all workloads of some namespaces are ready and stay so, or says which do not.

import { type ApiClient, type Discovery, isApiError, listAll, resourceOfKind } from '../../api/index.ts';
import {
  countRestarts,
  hasLasted,
  type HeldReadiness,
  type Sight,
  tellUnsteady,
} from '../../kube/live/lasting-readiness.ts';
import { indexOwnPods } from '../../kube/live/own-pods.ts';
import { rolloutKinds, rolloutOf } from '../../kube/live/rollout.ts';
import { type Ending, untilLasting } from '../../kube/live/until-lasting.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';

export interface AwaitReady {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly namespaces: readonly string[];
  /** Milliseconds until all must be ready. A readiness that begins in time is looked at to its end. */
  readonly within: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

/** A workload whose containers ended, and were started again. */
export interface Restarted {
  readonly workload: string;
  readonly times: number;
}

export interface Readiness {
  readonly workloads: number;
  /** Those that were not ready in time, or did not stay so, with what is known of them. */
  readonly unready: readonly string[];
  readonly restarted: readonly Restarted[];
}

export interface AskedReadiness<Answer> extends Readiness {
  readonly answer: Answer;
  /** By `now`: when all were ready for the first time of those that lasted, and had answered. */
  readonly answeredAt: number;
}

interface Watched {
  readonly name: string;
  /** It is scaled down to nothing. */
  readonly wantsNone: boolean;
  /** What is not ready yet; `undefined` where it is, or where nobody waits for it. */
  readonly open: string | undefined;
  /** None where they change only when somebody says so. */
  readonly pods: readonly JsonObject[];
}

interface Look extends Sight {
  readonly workloads: readonly Watched[];
}

function nameOf(object: JsonObject): string {
  const { namespace, name } = asObject(object['metadata']);
  return `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
}

/** Whoever may not list pods sees their workloads only. */
async function podsIn({ client, discovery }: AwaitReady, namespace: string): Promise<readonly JsonObject[]> {
  try {
    return (await listAll(client, resourceOfKind(discovery, 'v1', 'Pod'), { namespace })).items;
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

async function workloadsIn(waiting: AwaitReady, namespace: string): Promise<Watched[]> {
  const { client, discovery } = waiting;
  const lists = await Promise.all(
    rolloutKinds.map((kind) => listAll(client, resourceOfKind(discovery, 'apps/v1', kind), { namespace })),
  );
  const objects = lists.flatMap(({ items }) => items);
  if (objects.length === 0) return [];
  const podsOf = indexOwnPods(await podsIn(waiting, namespace));
  return objects.map((object) => {
    const rollout = rolloutOf(object);
    const isOpen = rollout?.state === 'going' || rollout?.state === 'failed';
    return {
      name: nameOf(object),
      wantsNone: asObject(object['spec'])['replicas'] === 0,
      open: isOpen ? rollout.message : undefined,
      pods: rollout?.state === 'unwatched' ? [] : podsOf(object),
    };
  });
}

async function look(waiting: AwaitReady): Promise<Look> {
  const workloads = (await Promise.all(waiting.namespaces.map((each) => workloadsIn(waiting, each)))).flat();
  return {
    at: waiting.now(),
    isReady: workloads.every(({ open }) => open === undefined),
    pods: workloads.flatMap(({ pods }) => pods),
    workloads,
  };
}

function tell({ progress }: AwaitReady, workloads: readonly Watched[], isReady: boolean): void {
  const ready = workloads.filter(({ open }) => open === undefined).length;
  progress(
    isReady
      ? `${workloads.length} workloads are ready: looking whether they stay so`
      : `${ready} of ${workloads.length} workloads are ready`,
  );
}

/** Where nothing is to run, nothing can fall over. */
function isOver(held: HeldReadiness, sight: Look): boolean {
  return hasLasted(held, sight) || sight.workloads.every(({ wantsNone }) => wantsNone);
}

function toReadiness({ look: { workloads }, broken, lasts }: Ending<Look>): Readiness {
  const unready = workloads.flatMap(({ name, open, pods }) => {
    const why = [open, tellUnsteady(pods, broken)].filter((text) => text !== undefined);
    return why.length === 0 ? [] : [`${name}: ${why.join('; ')}`];
  });
  const restarted = workloads.flatMap(({ name: workload, pods }) => {
    const times = countRestarts(pods);
    return times === 0 ? [] : [{ workload, times }];
  });
  return { workloads: workloads.length, unready: lasts ? [] : unready, restarted };
}

/** `ask` is asked each time that all are ready, until a readiness lasts; in the end whatever the workloads do. */
export async function awaitReady<Answer>(
  waiting: AwaitReady,
  ask: () => Promise<Answer>,
): Promise<AskedReadiness<Answer>> {
  const { now, sleep, within } = waiting;
  const end = now() + within;
  const { answer, ...ending } = await untilLasting({
    look: () => look(waiting),
    hasLasted: isOver,
    isTooLate: ({ at }) => at >= end,
    ask: async () => ({ answer: await ask(), answeredAt: now() }),
    tell: ({ workloads }, isReady) => tell(waiting, workloads, isReady),
    pause: () => sleep(1000),
  });
  return { ...toReadiness(ending), ...answer };
}
