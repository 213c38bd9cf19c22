// Waits until all workloads of some namespaces are ready and stay so, or says which do not.

import { type ApiClient, type Discovery, isApiError, listAll, resourceOfKind } from '../../api/index.ts';
import {
  countRestarts,
  followReadiness,
  hasLasted,
  type HeldReadiness,
  type Sight,
  tellUnsteady,
} from '../../kube/live/lasting-readiness.ts';
import { ownPods } from '../../kube/live/own-pods.ts';
import { rolloutOf } from '../../kube/live/rollout.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

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
    kinds.map((kind) => listAll(client, resourceOfKind(discovery, 'apps/v1', kind), { namespace })),
  );
  const objects = lists.flatMap(({ items }) => items);
  if (objects.length === 0) return [];
  const pods = await podsIn(waiting, namespace);
  return objects.map((object) => {
    const rollout = rolloutOf(object);
    const isOpen = rollout?.state === 'going' || rollout?.state === 'failed';
    return {
      name: nameOf(object),
      wantsNone: asObject(object['spec'])['replicas'] === 0,
      open: isOpen ? rollout.message : undefined,
      pods: rollout?.state === 'unwatched' ? [] : ownPods(object, pods),
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

async function untilReady(waiting: AwaitReady, end: number): Promise<Look> {
  for (;;) {
    const sight = await look(waiting);
    if (followReadiness(undefined, sight) !== undefined || sight.at >= end) return sight;
    const { workloads } = sight;
    const ready = workloads.filter(({ open }) => open === undefined).length;
    waiting.progress(`${ready} of ${workloads.length} workloads are ready`);
    await waiting.sleep(1000);
  }
}

/** Where nothing is to run, nothing can fall over. */
function isOver(sight: Look, held: HeldReadiness): boolean {
  return hasLasted(held, sight) || sight.workloads.every(({ wantsNone }) => wantsNone);
}

interface Ending {
  readonly sight: Look;
  /** The readiness that did not last; `undefined` where there was none. */
  readonly broken?: HeldReadiness | undefined;
  readonly lasts: boolean;
}

async function untilLasting(waiting: AwaitReady, first: Look): Promise<Ending> {
  let sight = first;
  let held = followReadiness(undefined, first);
  while (held !== undefined && !isOver(sight, held)) {
    waiting.progress(`${sight.workloads.length} workloads are ready: looking whether they stay so`);
    await waiting.sleep(1000);
    sight = await look(waiting);
    const next = followReadiness(held, sight);
    if (next === undefined) return { sight, broken: held, lasts: false };
    held = next;
  }
  return { sight, lasts: held !== undefined };
}

function toReadiness({ sight: { workloads }, broken, lasts }: Ending): Readiness {
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

/**
 * Each time that all are ready, `ask` is asked, until a readiness lasts: what an app says that falls over right after is worth nothing. In the end it is
 * asked whatever the workloads do.
 */
export async function awaitReady<Answer>(
  waiting: AwaitReady,
  ask: () => Promise<Answer>,
): Promise<AskedReadiness<Answer>> {
  const { now, within } = waiting;
  const end = now() + within;
  for (;;) {
    const first = await untilReady(waiting, end);
    const answer = await ask();
    const answeredAt = now();
    const ending = await untilLasting(waiting, first);
    if (ending.lasts || now() >= end) return { ...toReadiness(ending), answer, answeredAt };
  }
}
