// Before data come in: claims that wait for their first pod are placed as the pods will need them, those of one pod on one node. A helper for each claim
// alone would have each placed for itself, perhaps on nodes that no pod can be on at once.

import { createObject, deleteObject, getObject, isApiError } from '../../api/index.ts';
import { findStartTrouble } from '../../kube/live/start-trouble.ts';
import {
  asArray,
  asObject,
  asString,
  eachInParallel,
  inParallel,
  type JsonObject,
  UserError,
} from '../../model/index.ts';
import { choosePlacings, type Placing, placingPod } from './placing-pod.ts';
import type { HelperContext } from './run-helper.ts';
import { helperName, type MovingVolumes } from './moving-volumes.ts';

export interface PlacingClaims extends Pick<MovingVolumes, 'context' | 'image' | 'progress'> {
  /** Pods as they were saved. */
  readonly pods: Iterable<JsonObject>;
  readonly mapNamespace: (namespace: string) => string;
  /** Those that are about to be filled, by `namespace/name` where they are now. */
  readonly filled: Iterable<string>;
  /** All that are there, by `namespace/name`. */
  readonly there: Iterable<string>;
}

const pods = { group: '', version: 'v1', resource: 'pods' } as const;
const classes = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' } as const;

/** Whether volumes of the class wait for a pod. Who may not look at classes finds out by trying. */
async function waitsForPod({ client }: HelperContext, name: string): Promise<boolean> {
  try {
    return (await getObject(client, classes, { name }))['volumeBindingMode'] === 'WaitForFirstConsumer';
  } catch (error) {
    if (isApiError(error, 404)) return false;
    if (isApiError(error, 403)) return true;
    throw error;
  }
}

/** Of the claims that are to be filled, those that have no volume and get one where their first pod goes. */
async function findWaiting(context: HelperContext, filled: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const namespaces = [...new Set([...filled].map((key) => key.slice(0, key.indexOf('/'))))];
  const unbound = new Map<string, string>();
  for (const namespace of namespaces) {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    for (const { metadata, spec } of asArray((await context.client.request({ path }))['items']).map(asObject)) {
      const key = `${namespace}/${asString(asObject(metadata)['name']) ?? ''}`;
      const { volumeName, storageClassName } = asObject(spec);
      if (filled.has(key) && volumeName === undefined) unbound.set(key, asString(storageClassName) ?? '');
    }
  }
  const waits = new Map<string, boolean>();
  for (const name of new Set(unbound.values())) waits.set(name, name !== '' && (await waitsForPod(context, name)));
  return new Set([...unbound].flatMap(([key, name]) => (waits.get(name) === true ? [key] : [])));
}

/** The cluster may have to make a node first. Afterwards each volume goes where its helper goes. */
const patience = 120_000;

/** A pod gets its node when its volumes are made. Answers with what stands in the way. */
async function untilPlaced(
  { client, now, sleep, signal }: HelperContext,
  name: { namespace: string; name: string },
): Promise<string | undefined> {
  const until = now() + patience;
  for (;;) {
    signal.throwIfAborted();
    const pod = await getObject(client, pods, name);
    if (asObject(pod['spec'])['nodeName'] !== undefined) return undefined;
    if (now() >= until) return findStartTrouble(pod)?.words ?? 'it was not scheduled in time';
    await sleep(300);
  }
}

interface StandIn {
  readonly placing: Placing;
  readonly remove: () => Promise<void>;
  readonly name: string;
  /** Why it could not be made. */
  readonly refusal?: string;
}

async function makeStandIn({ context, image }: PlacingClaims, placing: Placing): Promise<StandIn> {
  const { client, helpers } = context;
  const [{ namespace }, name] = [placing, helperName()];
  const remove = async (): Promise<void> => {
    await deleteObject(client, pods, { namespace, name }, { gracePeriodSeconds: 0 }).catch((error: unknown) => {
      if (!isApiError(error, 404)) throw error;
    });
    helpers.delete(remove);
  };
  helpers.add(remove);
  try {
    await createObject(client, pods, placingPod(placing, name, image));
    return { placing, remove, name };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { placing, remove, name, refusal: error.message };
  }
}

/** All of them at once, since each may say something of the others. */
const standInsAtOnce = 16;

function wordsOf({ pod }: Placing, why: string): string {
  const name = asString(asObject(pod['metadata'])['name']) ?? '';
  return `made without regard to the other volumes of the pod ${name}, which could not be placed: ${why}`;
}

/** Answers with what is to be said of claims, by `namespace/name`, whose pod could not be placed: each goes where it can go by itself. */
export async function placeClaims(how: PlacingClaims): Promise<ReadonlyMap<string, string>> {
  const { context, mapNamespace, progress } = how;
  const waiting = await findWaiting(context, new Set(how.filled));
  const placings = choosePlacings({ pods: how.pods, mapNamespace, there: new Set(how.there), waiting });
  if (placings.length === 0) return new Map();
  progress(`choosing nodes for the volumes of ${placings.length === 1 ? '1 pod' : `${placings.length} pods`}`);
  const standIns: StandIn[] = [];
  const words: (readonly [string, string])[] = [];
  try {
    await inParallel(placings, standInsAtOnce, async (each) => standIns.push(await makeStandIn(how, each)));
    await inParallel(standIns, standIns.length, async ({ placing, name, refusal }) => {
      const { namespace, claims } = placing;
      const why = refusal ?? (await untilPlaced(context, { namespace, name }));
      if (why !== undefined)
        words.push(...claims.map((claim) => [`${namespace}/${claim}`, wordsOf(placing, why)] as const));
    });
  } finally {
    await eachInParallel(standIns, standInsAtOnce, ({ remove }) => remove());
  }
  return new Map(words);
}
