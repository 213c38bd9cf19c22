// Snapshots of backups that were cut off, and claims that were made from them: their objects are still in the cluster, and go.

import {
  type ApiClient,
  type ApiResource,
  discover,
  findResource,
  isApiError,
  listAll,
  objectNameOf,
} from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { backupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { removeAbandonedCopy } from './copy-claim.ts';
import { discardSnapshot, releaseSnapshot } from './take-snapshots.ts';
import { ownMarks, selectorOf, snapshotResource } from './snapshot-words.ts';

interface Searching {
  readonly client: ApiClient;
  readonly store: Store;
}

export interface TidyingSnapshots extends Searching {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The backup that is to be written: what an earlier writer of the name has left goes at once. */
  readonly backup: string;
  readonly namespaces: Iterable<string>;
}

/** Nobody writes a backup for so long: the volumes of one may take four hours each. */
const longest = 24 * 3_600_000;

/** An object that a backup has made in the cluster and not removed. */
export interface Leftover {
  readonly kind: 'VolumeSnapshot' | 'PersistentVolumeClaim';
  readonly namespace: string;
  readonly name: string;
  readonly backup: string;
  readonly made: number;
  /** Its data were to go into the store: no backup needs it. */
  readonly isPassing: boolean;
}

type Kind = Leftover['kind'];

function toLeftover(kind: Kind, object: JsonObject, { store }: Searching): readonly Leftover[] {
  const { annotations, creationTimestamp } = asObject(object['metadata']);
  const { [ownMarks.backup]: backup, [ownMarks.store]: place, [ownMarks.moves]: moves } = asObject(annotations);
  // Of backups in other stores nobody here knows whether they are one.
  if (typeof backup !== 'string' || place !== store.place) return [];
  const { namespace = '', name } = objectNameOf(object);
  const isPassing = kind === 'PersistentVolumeClaim' || moves === 'true';
  return [{ kind, namespace, name, backup, made: Date.parse(asString(creationTimestamp) ?? ''), isPassing }];
}

/** Snapshots stand behind the claims that are made from them. */
async function findLeftovers(
  searching: Searching,
  where: { readonly namespaces?: Iterable<string>; readonly labelSelector: string },
): Promise<Leftover[]> {
  const { client } = searching;
  const discovery = await discover(client);
  const kinds: readonly (readonly [Kind, ApiResource | undefined])[] = [
    ['PersistentVolumeClaim', findResource(discovery, 'persistentvolumeclaims')],
    ['VolumeSnapshot', findResource(discovery, snapshotResource)],
  ];
  const { labelSelector } = where;
  const places =
    where.namespaces === undefined ? [{}] : [...new Set(where.namespaces)].map((namespace) => ({ namespace }));
  const lists = await Promise.all(
    kinds.flatMap(([kind, resource]) =>
      resource === undefined
        ? []
        : places.map(async (place) => {
            const { items } = await listAll(client, resource, { ...place, labelSelector });
            return items.flatMap((object) => toLeftover(kind, object, searching));
          }),
    ),
  );
  return lists.flat();
}

async function end(client: ApiClient, { kind, namespace, name }: Leftover): Promise<void> {
  if (kind === 'VolumeSnapshot') await discardSnapshot(client, { namespace, name });
  else await removeAbandonedCopy(client, { namespace, name });
}

/** Nothing where it may belong to somebody who is at work. */
async function tidyOne(
  { client, store, now, backup: own }: TidyingSnapshots,
  left: Leftover,
): Promise<string | undefined> {
  const { kind, namespace, name, backup, made, isPassing } = left;
  const what = `the ${kind} ${namespace}/${name} of the backup ${backup}`;
  const isThere = (await store.size(backupKeys(store.prefix, backup).backup)) !== undefined;
  const isKept = isThere && !isPassing;
  if (!isThere && backup !== own && now - made <= longest) return undefined;
  try {
    await (isKept ? releaseSnapshot(client, { namespace, name }) : end(client, left));
  } catch (error) {
    // It is no harm to this backup.
    if (isApiError(error, 403)) return `${what} is left in the cluster, and this user may not remove it`;
    throw error;
  }
  return `${what}, ${isKept ? 'whose snapshot stays in the storage system,' : 'which was cut off,'} was removed`;
}

/** What was done, in words; of a backup that is there the storage system keeps the snapshot. */
export async function tidySnapshots(how: TidyingSnapshots): Promise<readonly string[]> {
  const { namespaces } = how;
  const told: (string | undefined)[] = [];
  for (const left of await findLeftovers(how, { namespaces, labelSelector: ownMarks.label }))
    told.push(await tidyOne(how, left));
  return told.filter((each) => each !== undefined);
}

/** Of a backup that is deleted, in the whole cluster: what its writer has left. */
export async function findLeftoversOf(searching: Searching, backup: string): Promise<readonly Leftover[]> {
  const found = await findLeftovers(searching, { labelSelector: selectorOf(backup) });
  return found.filter((each) => each.backup === backup);
}

/** `keepsSnapshots`: the storage system keeps what belongs to the backup. */
export async function removeLeftovers(
  client: ApiClient,
  leftovers: readonly Leftover[],
  keepsSnapshots: boolean,
): Promise<void> {
  for (const each of leftovers) {
    const { namespace, name, isPassing } = each;
    if (keepsSnapshots && !isPassing) await releaseSnapshot(client, { namespace, name });
    else await end(client, each);
  }
}
