// What a copy of a backup leaves behind: the data of volumes lie in repositories of their own, beside all backups.

import { asArray, asObject, asString } from '../../model/index.ts';
import { type OpenedBackup, readSide } from '../inspect/read-backup.ts';
import { normalizePrefix } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

export interface LeftData {
  readonly namespace: string;
  /** Volumes of the backup whose data are in this repository. */
  readonly volumes: number;
  /** At the other store: `same`, there is the same repository, in which the data of this backup may be or not. */
  readonly repository: 'missing' | 'same' | 'another';
}

async function compareRepository(from: Store, to: Store, namespace: string): Promise<LeftData['repository']> {
  const keyOf = (store: Store): string => `${normalizePrefix(store.prefix)}kopia/${namespace}/kopia.repository`;
  const [one, other] = await Promise.all([from.get(keyOf(from)), to.get(keyOf(to))]);
  if (other === undefined) return 'missing';
  return one !== undefined && one.equals(other) ? 'same' : 'another';
}

/** Nothing where the backup has no data of volumes. */
export async function readLeftData(from: Store, to: Store, { keys }: OpenedBackup): Promise<readonly LeftData[]> {
  const counts = new Map<string, number>();
  for (const each of asArray(await readSide(from, keys.podVolumeBackups))) {
    const { spec, status } = asObject(each);
    const namespace = asString(asObject(asObject(spec)['pod'])['namespace']) ?? '';
    if (asString(asObject(status)['snapshotID']) !== undefined) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  const left: LeftData[] = [];
  for (const [namespace, volumes] of counts)
    left.push({ namespace, volumes, repository: await compareRepository(from, to, namespace) });
  return left;
}
