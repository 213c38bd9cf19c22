// Reads which volumes of a backup were moved out of CSI snapshots, by us or by Velero: a claim each, and beside it a pod that uses it.

import { asArray, asObject } from '../../model/index.ts';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { readSealedSide, type Seal } from '../inspect/read-seal.ts';
import type { Contents } from '../restore/contents.ts';
import type { OpenedContents } from '../restore/open-contents.ts';
import { claimsOfPod } from '../snapshots/claims-of-pod.ts';
import type { Store } from '../store/store.ts';
import { parseMovedRecord, type VolumeRecord } from './velero-records.ts';

/** From the list of volumes alone: of no pod. */
export async function listMovedRecords(
  store: Store,
  { keys }: OpenedBackup,
  seal: Seal | undefined,
): Promise<readonly VolumeRecord[]> {
  const infos = asArray((await readSealedSide(store, keys.volumeInfo, seal)) ?? []);
  return infos.map(parseMovedRecord).filter((each) => each !== undefined);
}

interface Archived {
  /** Of a claim, as `namespace/name`: a pod that uses it. */
  readonly podOf: Map<string, string>;
  /** Claims of block devices. */
  readonly devices: Set<string>;
}

async function readArchived(contents: Contents): Promise<Archived> {
  const found: Archived = { podOf: new Map(), devices: new Set() };
  for (const entry of contents.entries) {
    const { groupResource, namespace, name } = entry.place;
    if (groupResource !== 'pods' && groupResource !== 'persistentvolumeclaims') continue;
    const object = await contents.read(entry);
    if (groupResource === 'pods') for (const claim of claimsOfPod(object)) found.podOf.set(claim, name);
    else if (asObject(object['spec'])['volumeMode'] === 'Block') found.devices.add(`${namespace}/${name}`);
  }
  return found;
}

/** The pod says who may write, and where it may run. */
export async function readMovedRecords(
  store: Store,
  backup: OpenedBackup,
  contents: OpenedContents,
): Promise<readonly VolumeRecord[]> {
  const records = await listMovedRecords(store, backup, contents.seal);
  if (records.length === 0) return [];
  const { podOf, devices } = await readArchived(contents);
  return records.map((record) => {
    const key = `${record.namespace}/${record.claim ?? ''}`;
    const trouble = devices.has(key) ? 'it is a block device, and only files are brought back' : record.trouble;
    return { ...record, pod: podOf.get(key) ?? '', trouble };
  });
}
