// Where the data of a backup's volumes are: in repositories of their own, beside all backups.

import { asArray, asObject, asString } from '../../model/index.ts';
import { type OpenedBackup, readSide } from '../inspect/read-backup.ts';
import { repositoryFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { parseRepositoryId, repositoryBlob } from './kopia-blobs.ts';

export interface LeftData {
  readonly namespace: string;
  /** Volumes of the backup whose data are in this repository. */
  readonly volumes: number;
  /** At the other store: `same`, there is the same repository, in which the data of this backup may be or not. */
  readonly repository: 'missing' | 'same' | 'another';
}

/** Volumes of a namespace whose data the backup has, by the program that saved them. */
export interface HeldData {
  readonly namespace: string;
  readonly uploader: string;
  readonly volumes: number;
}

/** Those whose data were moved out of a snapshot: by namespace and uploader. */
async function readMoved(from: Store, { keys }: OpenedBackup): Promise<readonly (readonly [string, string])[]> {
  return asArray(await readSide(from, keys.volumeInfo)).flatMap((each) => {
    const { pvcNamespace, snapshotDataMoved, snapshotDataMovementInfo } = asObject(each);
    const { snapshotHandle, uploaderType } = asObject(snapshotDataMovementInfo);
    if (snapshotDataMoved !== true || (asString(snapshotHandle) ?? '') === '') return [];
    return [[asString(pvcNamespace) ?? '', asString(uploaderType) ?? 'kopia'] as const];
  });
}

/** Nothing where the backup has no data of volumes. */
export async function readHeldData(from: Store, backup: OpenedBackup): Promise<readonly HeldData[]> {
  const { keys } = backup;
  const counts = new Map<string, HeldData>();
  const add = (namespace: string, uploader: string): void => {
    const key = `${uploader} ${namespace}`;
    counts.set(key, { namespace, uploader, volumes: (counts.get(key)?.volumes ?? 0) + 1 });
  };
  for (const [namespace, uploader] of await readMoved(from, backup)) add(namespace, uploader);
  for (const each of asArray(await readSide(from, keys.podVolumeBackups))) {
    const { spec, status } = asObject(each);
    const { pod, uploaderType } = asObject(spec);
    const namespace = asString(asObject(pod)['namespace']) ?? '';
    const uploader = asString(uploaderType) ?? 'restic';
    if ((asString(asObject(status)['snapshotID']) ?? '') === '') continue;
    add(namespace, uploader);
  }
  return [...counts.values()];
}

async function compareRepository(from: Store, to: Store, namespace: string): Promise<LeftData['repository']> {
  const keyOf = (store: Store): string => `${repositoryFolder(store.prefix, namespace)}${repositoryBlob}`;
  const [one, other] = await Promise.all([from.get(keyOf(from)), to.get(keyOf(to))]);
  if (other === undefined) return 'missing';
  const id = parseRepositoryId(one ?? new Uint8Array());
  return id !== undefined && id === parseRepositoryId(other) ? 'same' : 'another';
}

export async function judgeLeft(from: Store, to: Store, held: readonly HeldData[]): Promise<readonly LeftData[]> {
  const left: LeftData[] = [];
  for (const { namespace, volumes } of held)
    left.push({ namespace, volumes, repository: await compareRepository(from, to, namespace) });
  return left;
}
