// Deletes a backup: first the key that makes it one, so that what is left after a crash is seen by nobody.

import { UserError } from '../../model/index.ts';
import { backupFolder, backupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

/** All keys of a backup, also of one that was never finished. Throws `UserError` where there is none. */
export async function requireKeys(store: Store, name: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(backupFolder(store.prefix, name))) keys.push(key);
  if (keys.length > 0) return keys;
  const advice = `See what there is: nowwhat backup get --store ${store.place}.`;
  throw new UserError('store-key-missing', `there is no backup "${name}" in ${store.place}`, advice);
}

/** How many keys went. Unfinished backups can be deleted too. Throws `UserError` where there is none of this name. */
export async function deleteBackup(store: Store, name: string): Promise<number> {
  const { backup, seal, claim } = backupKeys(store.prefix, name);
  const keys = await requireKeys(store, name);
  // The claim goes last: until then nobody else takes the name while its keys are going. A seal without a backup tells that it was being deleted.
  const last = [seal, claim];
  const rank = (key: string): number => (key === backup ? 0 : last.indexOf(key) + 2);
  for (const key of keys.toSorted((a, b) => rank(a) - rank(b))) await store.delete(key);
  await store.sweep?.(backupFolder(store.prefix, name));
  return keys.length;
}
