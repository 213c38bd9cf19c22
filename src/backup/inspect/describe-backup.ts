// What a backup says of itself, for a person who wants to know what is in it.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ListRecord } from '../collect/list-record.ts';
import { findWithoutData, type VolumeWithoutData } from '../layout/without-data.ts';
import type { Store } from '../store/store.ts';
import { readSeal } from './read-seal.ts';
import { readHostPaths } from '../volumes/read-host-paths.ts';
import { listMovedRecords } from '../volumes/moved-records.ts';
import { parseRecord } from '../volumes/velero-records.ts';
import {
  type BackupSummary,
  type OpenedBackup,
  openBackup,
  readManifest,
  readSide,
  readSideText,
} from './read-backup.ts';

export interface DescribedVolume {
  readonly namespace: string;
  readonly pod: string;
  /** Its name in the pod. */
  readonly name: string;
  readonly claim?: string;
  /** A directory of this node. */
  readonly hostPath?: string;
  readonly node: string;
  readonly bytes: number;
}

export interface DescribedBackup extends BackupSummary {
  /** `spec` of the `Backup`, as it is. */
  readonly spec: JsonObject;
  /** Objects by kind: `apps/v1/Deployment` → 3, the most first. */
  readonly kinds: readonly (readonly [kind: string, count: number])[];
  /** Whose objects are in it. */
  readonly namespaces: readonly string[];
  /** What went wrong: as Velero's side file has it. */
  readonly results: JsonObject;
  /** Lists that were made, for a backup of ours. */
  readonly lists: readonly ListRecord[];
  /** Whose data it holds; bytes as they were saved. */
  readonly volumes: readonly DescribedVolume[];
  /** Whose data it does not hold. */
  readonly withoutData: readonly VolumeWithoutData[];
  /** Bytes of each key. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

function namespacesOf(list: JsonObject): string[] {
  const names = Object.entries(list).flatMap(([kind, all]) =>
    asArray(all).flatMap((each) => {
      const [namespace = '', name] = (asString(each) ?? '').split('/');
      return name !== undefined || kind === 'v1/Namespace' ? [namespace] : [];
    }),
  );
  return [...new Set(names)].toSorted();
}

async function volumesOf(store: Store, opened: OpenedBackup): Promise<DescribedVolume[]> {
  const inClaims = asArray(await readSide(store, opened.keys.podVolumeBackups)).map(parseRecord);
  const seal = await readSeal(store, opened);
  const records = [...inClaims, ...(await readHostPaths(store, opened, seal))];
  return [...records, ...(await listMovedRecords(store, opened, seal))].flatMap((record) => {
    if (record === undefined || record.trouble !== undefined) return [];
    const { namespace, pod, name, claim, hostPath, node, bytes } = record;
    const what = { ...(claim === undefined ? {} : { claim }), ...(hostPath === undefined ? {} : { hostPath }) };
    return [{ namespace, pod, name, ...what, node, bytes }];
  });
}

/** Throws `UserError` where there is no such backup, or a part of it cannot be read. */
export async function describeBackup(store: Store, name: string): Promise<DescribedBackup> {
  const opened = await openBackup(store, name);
  const { keys, object, summary } = opened;
  const list = asObject(await readSide(store, keys.resourceList));
  const kinds = Object.entries(list).map(([kind, names]) => [kind, asArray(names).length] as const);
  const folder = keys.backup.slice(0, keys.backup.lastIndexOf('/') + 1);
  const files: { name: string; bytes: number }[] = [];
  for await (const { key, bytes } of store.list(folder)) files.push({ name: key.slice(folder.length), bytes });
  return {
    ...summary,
    spec: asObject(object['spec']),
    kinds: kinds.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    namespaces: namespacesOf(list),
    results: asObject(await readSide(store, keys.results)),
    lists: (await readManifest(store, keys))?.lists ?? [],
    volumes: await volumesOf(store, opened),
    withoutData: findWithoutData((await readSide(store, keys.volumeInfo)) ?? []),
    files,
  };
}

/** '' where it has none. */
export async function readBackupLog(store: Store, name: string): Promise<string> {
  const { keys } = await openBackup(store, name);
  return (await readSideText(store, keys.log)) ?? '';
}
