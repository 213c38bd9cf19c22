// Which snapshots a backup holds, ours or Velero's: read without the archive where it has none.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { parseEntry, readArchive } from '../archive/read-archive.ts';
import { type OpenedBackup, readSide } from '../inspect/read-backup.ts';
import { labelValueOf } from '../restore/label-value.ts';
import type { Store } from '../store/store.ts';
import { contentResource, marks } from './snapshot-words.ts';

/** A snapshot in a storage system that a backup has taken, and that nobody else knows of. */
export interface HeldSnapshot {
  readonly driver: string;
  /** The storage system's own name of it. */
  readonly handle: string;
  /** The claim that it is of, as `namespace/name`; '' where the backup does not say. */
  readonly claim: string;
  /** Its VolumeSnapshotContent as saved. */
  readonly content: JsonObject;
}

async function readContents(store: Store, { keys, name }: OpenedBackup): Promise<ReadonlyMap<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for await (const entry of readArchive(await store.read(keys.contents), keys.contents)) {
    if (entry.place.groupResource !== contentResource || entry.place.version !== undefined) continue;
    const object = parseEntry(entry, keys.contents);
    const { labels } = asObject(object['metadata']);
    // What somebody else took is in the backup as it was, and is not the backup's.
    if (asObject(labels)[marks.backup] === labelValueOf(name)) found.set(entry.place.name, object);
  }
  return found;
}

/** A claim whose data are in a snapshot. */
export interface SnapshottedClaim {
  readonly namespace: string;
  readonly claim: string;
  /** Name of its VolumeSnapshotContent as saved. */
  readonly content: string;
}

/** From the list of volumes alone; none of a backup whose data were moved into the store. */
export async function readSnapshotClaims(store: Store, { keys }: OpenedBackup): Promise<readonly SnapshottedClaim[]> {
  const infos = asArray((await readSide(store, keys.volumeInfo)) ?? []).map(asObject);
  return infos
    .filter(({ backupMethod, snapshotDataMoved }) => backupMethod === 'CSISnapshot' && snapshotDataMoved !== true)
    .map(({ pvcNamespace, pvcName, csiSnapshotInfo }) => ({
      namespace: asString(pvcNamespace) ?? '',
      claim: asString(pvcName) ?? '',
      content: asString(asObject(csiSnapshotInfo)['vscName']) ?? '',
    }));
}

/**
 * Where data of volumes stay when a backup of Velero goes: only Velero knows which of them are its own, and removes them where it deletes the backup itself. What nowwhat
 * has saved, the next backup of the namespace removes. By namespace of the repository, how many volumes.
 */
export async function readVeleroData(store: Store, { keys }: OpenedBackup): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  if ((await store.size(keys.manifest)) !== undefined) return found;
  for (const info of asArray((await readSide(store, keys.volumeInfo)) ?? []).map(asObject)) {
    if (info['backupMethod'] !== 'PodVolumeBackup' && info['snapshotDataMoved'] !== true) continue;
    const namespace = asString(info['pvcNamespace']) ?? asString(asObject(info['pvbInfo'])['podNamespace']) ?? '';
    found.set(namespace, (found.get(namespace) ?? 0) + 1);
  }
  return found;
}

export async function readSnapshots(store: Store, backup: OpenedBackup): Promise<readonly HeldSnapshot[]> {
  const own = await readSnapshotClaims(store, backup);
  if (own.length === 0) return [];
  const claims = new Map(own.map(({ namespace, claim, content }) => [content, `${namespace}/${claim}`]));
  return [...(await readContents(store, backup))].flatMap(([name, content]) => {
    const handle = asString(asObject(content['status'])['snapshotHandle']);
    const driver = asString(asObject(content['spec'])['driver']) ?? '';
    return handle === undefined ? [] : [{ driver, handle, claim: claims.get(name) ?? '', content }];
  });
}
