// The use cases of looking at backups that are there: which there are, what is in one, whether it is whole, and its log.

import {
  type DescribedBackup,
  type DumpRecord,
  describeBackup,
  readDrills,
  listBackups,
  readDumps,
  readBackupLog,
  type Verification,
  verifyBackup,
} from '../../backup/index.ts';
import { readVerifyingKey } from './read-key-file.ts';
import { requireFolder } from './require-folder.ts';
import { type FoundBackup, lastDrillOf } from '../drills/last-drill.ts';
import { withStore } from './with-store.ts';

export function findBackups(place: string): Promise<readonly FoundBackup[]> {
  return withStore(place, async (store) => {
    requireFolder(store);
    const drills = await readDrills(store);
    const found: FoundBackup[] = [];
    for (const each of await listBackups(store))
      found.push({ ...each, ...(await lastDrillOf(store, each.name, drills)) });
    return found;
  });
}

/** Against the public key in a file, too, where one is named. */
export async function checkBackup(place: string, name: string, keyFile?: string): Promise<Verification> {
  const key = await readVerifyingKey(keyFile);
  return withStore(place, (store) => verifyBackup(store, name, key));
}

export function showBackup(
  place: string,
  name: string,
): Promise<DescribedBackup & Pick<FoundBackup, 'drill'> & { readonly dumps: readonly DumpRecord[] }> {
  return withStore(place, async (store) => ({
    ...(await describeBackup(store, name)),
    ...(await lastDrillOf(store, name, await readDrills(store))),
    dumps: await readDumps(store, name),
  }));
}

export function showBackupLog(place: string, name: string): Promise<string> {
  return withStore(place, (store) => readBackupLog(store, name));
}
