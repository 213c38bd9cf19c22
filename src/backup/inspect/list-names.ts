// The names that a store holds, without reading what they stand for: one list each, and a few small files where a list does not tell.

import { asArray, asObject, asString, toText } from '../../model/index.ts';
import { backupKeys, backupsFolder, restoreKeys, restoresFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { parseObject, readSide, scheduleLabel } from './read-backup.ts';

/** Unfinished ones too: they can be deleted. */
export function listBackupNames(store: Store): Promise<readonly string[]> {
  return store.folders(backupsFolder(store.prefix));
}

/** Drills have folders there as well: a restore has a record, or the log of Velero. */
export async function listRestoreNames(store: Store): Promise<readonly string[]> {
  const folder = restoresFolder(store.prefix);
  const names = new Set<string>();
  for await (const { key } of store.list(folder)) {
    const [name = ''] = key.slice(folder.length).split('/');
    const { record, log } = restoreKeys(store.prefix, name);
    if (key === record || key === log) names.add(name);
  }
  return [...names];
}

/** `nightly` of `nightly-20261129021500`, as Velero and we name what a schedule makes; the newest of each is asked whether it is one. */
export async function listSavedSchedules(store: Store): Promise<readonly string[]> {
  const newest = new Map<string, string>();
  for (const name of (await listBackupNames(store)).toSorted()) {
    const schedule = /^(.+)-\d{14}$/.exec(name)?.[1];
    if (schedule !== undefined) newest.set(schedule, name);
  }
  const labels = await Promise.all([...newest.values()].map((name) => scheduleOf(store, name)));
  return [...new Set(labels.filter((label) => label !== undefined))];
}

async function scheduleOf(store: Store, name: string): Promise<string | undefined> {
  const key = backupKeys(store.prefix, name).backup;
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  return asString(asObject(asObject(parseObject(bytes, key)['metadata'])['labels'])[scheduleLabel]);
}

/** Of the backup's list of objects; none where it has no such list. */
export async function listSavedNamespaces(store: Store, backup: string): Promise<readonly string[]> {
  const list = asObject(await readSide(store, backupKeys(store.prefix, backup).resourceList));
  return asArray(list['v1/Namespace']).map(toText);
}
