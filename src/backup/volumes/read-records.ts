// Reads which volumes a backup holds, and the pods that they belonged to.

import { asArray, type JsonObject } from '../../model/index.ts';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { readSealedSide } from '../inspect/read-seal.ts';
import type { Contents } from '../restore/contents.ts';
import type { OpenedContents } from '../restore/open-contents.ts';
import type { Store } from '../store/store.ts';
import { readMovedRecords } from './moved-records.ts';
import { parseRecord, type VolumeRecord } from './velero-records.ts';

export interface ReadRecords {
  readonly records: readonly VolumeRecord[];
  /** By `namespace/name`; empty where no volume is in the backup. */
  readonly pods: ReadonlyMap<string, JsonObject>;
}

/** By `namespace/name`. */
export async function readPods(contents: Contents): Promise<ReadonlyMap<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for (const entry of contents.entries) {
    const { groupResource, namespace, name } = entry.place;
    if (groupResource === 'pods') found.set(`${namespace}/${name}`, await contents.read(entry));
  }
  return found;
}

export async function readRecords(store: Store, backup: OpenedBackup, contents: OpenedContents): Promise<ReadRecords> {
  const all = asArray((await readSealedSide(store, backup.keys.podVolumeBackups, contents.seal)) ?? []);
  const ofPods = all.map(parseRecord).filter((each) => each !== undefined);
  const records = [...ofPods, ...(await readMovedRecords(store, backup, contents))];
  if (records.every(({ trouble }) => trouble !== undefined)) return { records, pods: new Map() };
  return { records, pods: await readPods(contents) };
}
