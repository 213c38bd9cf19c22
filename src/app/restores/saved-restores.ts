// The use cases of restores that were made: what a store tells of them.

import {
  deleteRestore,
  type DescribedRestore,
  describeRestore,
  listRestores,
  readRestoreLog,
  requireRestore,
  type RestoreSummary,
} from '../../backup/index.ts';
import { requireFolder } from '../backups/require-folder.ts';
import { withStore } from '../backups/with-store.ts';

/** All, or those of the names, the newest first. Throws `UserError` for a name that none has. */
export function findRestores(place: string, names: readonly string[]): Promise<readonly RestoreSummary[]> {
  return withStore(place, async (store) => {
    requireFolder(store);
    const all = await listRestores(store);
    if (names.length === 0) return all;
    for (const name of names) await requireRestore(store, name);
    return all.filter(({ name }) => names.includes(name));
  });
}

export function showRestore(place: string, name: string): Promise<DescribedRestore> {
  return withStore(place, (store) => describeRestore(store, name));
}

export function showRestoreLog(place: string, name: string): Promise<string> {
  return withStore(place, (store) => readRestoreLog(store, name));
}

/** How many keys went; `agree` throws where nobody agrees. Objects that were restored stay where they are. */
export function removeRestore(place: string, name: string, agree: () => Promise<void>): Promise<number> {
  return withStore(place, async (store) => {
    await requireRestore(store, name);
    await agree();
    return deleteRestore(store, name);
  });
}
