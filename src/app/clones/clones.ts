// The use cases of clones: a copy of an app under another name is planned, shown, made, and removed again.

import { randomBytes } from 'node:crypto';
import { listAll, resourceOfKind, systemClock } from '../../api/index.ts';
import {
  assembleClone,
  type CloneMarks,
  type ClonePlan,
  type CloneSource,
  type CloneWish,
  findClone,
  findForeign,
  type FoundClone,
  listClones,
  type MadeClone,
  makeClone,
  openBackup,
  openContents,
  openStore,
  readLiveSource,
  readRecords,
  readSavedSource,
  removeClone,
  type TriedClone,
  tryClone,
} from '../../backup/index.ts';
import { asObject, asString, UserError } from '../../model/index.ts';
import { imagesAsker } from '../restores/ask-images.ts';
import { dataOf, openFilling, type Filling, type SavedVolumes } from './clone-volumes.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { clusterOf, type Closing, reach, type Reached, withClosing } from '../cluster/reach-cluster.ts';
import type { Outside } from '../outside.ts';
import { type OpeningFiles, readOpening } from '../backups/read-key-file.ts';
import type { MovingWish } from '../backups/volumes.ts';

interface SavedOrder extends OpeningFiles {
  readonly store: string;
  readonly backup: string;
}

export interface CloneOrder {
  /** Where the original is, or where a copy out of a backup goes. */
  readonly cluster: ClusterWish;
  /** Left out: into the same cluster. */
  readonly to?: ClusterWish | undefined;
  /** The original is taken from a backup. */
  readonly saved?: SavedOrder | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly wish: Omit<CloneWish, 'name' | 'toOtherCluster' | 'expires' | 'made' | 'random' | 'data'>;
  /** How the data of volumes are copied; left out, volumes begin empty. */
  readonly moving?: MovingWish | undefined;
  /** Milliseconds. */
  readonly ttl?: number | undefined;
  readonly readyWithin?: number | undefined;
  /** What was made stays also where not all of it could be. */
  readonly keep: boolean;
  readonly dryRun: boolean;
  /** Of a dry run: registries are asked for images that no node has. */
  readonly checkImages: boolean;
}

export interface ClonePreview {
  readonly plan: ClonePlan;
  readonly server: string;
  readonly context: string;
  /** An earlier run has made this copy: what is missing is made. */
  readonly isThere: boolean;
  /** Of the pods that move data. */
  readonly image: string;
}

export interface CloneAnswer extends ClonePreview {
  /** Of a dry run: what the API server answers. */
  readonly tried?: TriedClone;
  /** Nothing for a dry run. */
  readonly made: MadeClone | undefined;
  /** What was made was removed again, because not all of it could be. */
  readonly removed: boolean;
}

export interface CloneTelling {
  readonly now: () => number;
  /** Shows what is about to happen; throws where nobody agrees. Not asked for a dry run. */
  readonly agree: (preview: ClonePreview) => Promise<void>;
  /** Hears how to tidy up where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
}

const { sleep } = systemClock;

interface Original {
  readonly source: CloneSource;
  /** Of a backup, with what it holds of volumes. */
  readonly saved?: SavedVolumes;
}

async function readSaved(
  { namespace, moving }: CloneOrder,
  { store: place, backup: name, ...files }: SavedOrder,
  closing: Closing,
): Promise<Original> {
  const opening = await readOpening(files);
  const store = await openStore(place);
  closing.push(() => store.close());
  const backup = await openBackup(store, name);
  const contents = await openContents(store, backup, opening);
  try {
    const source = await readSavedSource(contents, namespace);
    return moving === undefined
      ? { source }
      : { source, saved: { store, read: await readRecords(store, backup, contents) } };
  } finally {
    await contents.close();
  }
}

async function readOriginal(
  order: CloneOrder,
  reached: Reached,
  telling: CloneTelling,
  closing: Closing,
): Promise<Original> {
  const { namespace, saved, cluster } = order;
  if (saved !== undefined) return readSaved(order, saved, closing);
  const now = (): string => new Date(telling.now()).toISOString();
  return { source: await readLiveSource({ ...reached, namespace, concurrency: cluster.concurrency, now }) };
}

/** Only a copy of this very original is gone on with. */
async function findEarlier({ client }: Reached, { namespace, name }: CloneOrder): Promise<FoundClone | undefined> {
  const found = await findClone(client, name);
  if (found === undefined || found.marks.of === namespace) return found;
  throw new UserError(
    'not-a-clone',
    `"${name}" is a copy of ${found.marks.of}, not of ${namespace}`,
    'Choose another name.',
  );
}

/** Values that an earlier run has made. */
async function readMade({ client, discovery }: Reached, earlier: FoundClone | undefined): Promise<Map<string, string>> {
  if (earlier === undefined) return new Map();
  const { items } = await listAll(client, resourceOfKind(discovery, 'v1', 'Secret'), { namespace: earlier.marks.name });
  return new Map(
    items.flatMap(({ metadata, data }) =>
      Object.entries(asObject(data)).map(
        ([key, value]) => [`${asString(asObject(metadata)['name'])}/${key}`, asString(value) ?? ''] as const,
      ),
    ),
  );
}

function expiryOf({ ttl }: CloneOrder, earlier: FoundClone | undefined, now: number): string | undefined {
  if (earlier !== undefined) return earlier.marks.expires;
  return ttl === undefined ? undefined : new Date(now + ttl).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Removes what this run has made; what was there before it is left alone. */
async function tidy(target: Reached, name: string): Promise<void> {
  const found = await findClone(target.client, name);
  if (found !== undefined) await removeClone({ ...target, sleep }, found);
}

type Trying = Pick<Carrying, 'outside' | 'telling'> & { readonly plan: ClonePlan };

function tryOut({ cluster, wish, checkImages }: CloneOrder, { client }: Reached, { plan, outside, telling }: Trying) {
  const { progress } = outside;
  const asking = checkImages ? { askImages: imagesAsker(outside) } : {};
  return tryClone(plan, wish, {
    client,
    concurrency: cluster.concurrency,
    sleep,
    now: telling.now,
    progress,
    ...asking,
  });
}

interface Carrying {
  readonly order: CloneOrder;
  readonly target: Reached;
  readonly preview: ClonePreview;
  readonly filling: Filling | undefined;
  readonly outside: Outside;
  readonly telling: CloneTelling;
}

async function carryOut({ order, target, preview, filling, outside, telling }: Carrying): Promise<CloneAnswer> {
  const { plan, isThere } = preview;
  const isOurs = !isThere && !order.keep;
  const undo = async (): Promise<void> => (isOurs ? tidy(target, plan.name) : undefined);
  telling.onTidy(async () => {
    await filling?.tidy();
    await undo();
  });
  const { progress } = outside;
  let made: MadeClone;
  try {
    const { concurrency } = order.cluster;
    const { readyWithin } = order;
    made = await makeClone(plan, order.wish, {
      client: target.client,
      concurrency,
      readyWithin,
      sleep,
      now: telling.now,
      progress,
      ...(filling === undefined ? {} : { fillVolumes: filling.fill }),
    });
  } catch (error) {
    await undo();
    throw error;
  }
  const removed = made.counts.failed > 0 && isOurs;
  if (removed) await undo();
  return { ...preview, made, removed };
}

/** Throws `UserError`; what could not be made is in the answer, and then all of it was removed again, unless it is to be kept. */
export function cloneApp(order: CloneOrder, outside: Outside, telling: CloneTelling): Promise<CloneAnswer> {
  return withClosing(async (closing) => {
    const from = await reach(order.cluster, outside, closing);
    const target = order.to === undefined ? from : await reach(order.to, outside, closing);
    const isElsewhere = order.to !== undefined && (await clusterOf(from)) !== (await clusterOf(target));
    const toOtherCluster = order.saved !== undefined || isElsewhere;
    const earlier = await findEarlier(target, order);
    outside.progress(`reading ${order.namespace}`);
    const { source, saved } = await readOriginal(order, from, telling, closing);
    const made = await readMade(target, earlier);
    const expires = expiryOf(order, earlier, telling.now());
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    const own = { name: order.name, toOtherCluster, expires, made, random, data: dataOf(order.moving, saved) };
    const plan = assembleClone(source, { ...order.wish, ...own });
    const { server, context } = target.connection;
    const image = order.moving?.image ?? '';
    const preview = { plan, server, context, image, isThere: earlier !== undefined };
    if (order.dryRun)
      return {
        ...preview,
        tried: await tryOut(order, target, { plan, outside, telling }),
        made: undefined,
        removed: false,
      };
    await telling.agree(preview);
    const { moving: wish } = order;
    const { progress } = outside;
    const filling =
      wish === undefined ? undefined : await openFilling({ wish, plan, source, saved, from, to: target, progress });
    if (filling !== undefined) closing.push(filling.close);
    return carryOut({ order, target, preview, filling, outside, telling });
  });
}

export function findClones(cluster: ClusterWish, outside: Outside): Promise<readonly CloneMarks[]> {
  return withClosing(async (closing) => {
    const { client, discovery } = await reach(cluster, outside, closing);
    return listClones(client, discovery);
  });
}

export interface RemovalOrder {
  readonly cluster: ClusterWish;
  /** `expired` for all whose time is over. */
  readonly names: readonly string[] | 'expired';
  /** Also what others have put into them. */
  readonly force: boolean;
}

export interface RemovalTelling {
  readonly now: () => number;
  readonly agree: (clones: readonly CloneMarks[]) => Promise<void>;
}

export interface RemovedClone {
  readonly name: string;
  readonly of: string;
  readonly result: 'removed' | 'going' | 'kept';
  readonly message?: string;
}

async function chosen({ client, discovery }: Reached, { names }: RemovalOrder, now: number): Promise<FoundClone[]> {
  const wanted =
    names === 'expired'
      ? (await listClones(client, discovery))
          .filter(({ expires }) => expires !== undefined && Date.parse(expires) <= now)
          .map(({ name }) => name)
      : names;
  const found: FoundClone[] = [];
  for (const name of wanted) {
    const clone = await findClone(client, name);
    if (clone !== undefined) found.push(clone);
    else if (names !== 'expired')
      throw new UserError('not-a-clone', `there is no namespace "${name}"`, 'See clone get.');
  }
  return found;
}

function foreignWords(foreign: readonly string[]): string {
  const shown = foreign.slice(0, 5).join(', ');
  return `holds what the clone did not make: ${shown}${foreign.length > 5 ? ` and ${foreign.length - 5} more` : ''}`;
}

/** Copies with objects of others in them are kept, unless they are to go as well. Throws `UserError`. */
export function removeClones(
  order: RemovalOrder,
  outside: Outside,
  { now, agree }: RemovalTelling,
): Promise<readonly RemovedClone[]> {
  return withClosing(async (closing) => {
    const target = await reach(order.cluster, outside, closing);
    const clones = await chosen(target, order, now());
    if (clones.length > 0) await agree(clones.map(({ marks }) => marks));
    const results: RemovedClone[] = [];
    for (const clone of clones) {
      const { name, of } = clone.marks;
      outside.progress(`removing ${name}`);
      const foreign = order.force ? [] : await findForeign(target.client, target.discovery, name);
      if (foreign.length > 0) results.push({ name, of, result: 'kept', message: foreignWords(foreign) });
      else results.push({ name, of, result: (await removeClone({ ...target, sleep }, clone)) ? 'removed' : 'going' });
    }
    return results;
  });
}
