// Removes from a repository the snapshots of our backups that are gone. Those of others, and of a backup that is under way, are left alone.

import { backupsFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { deleteSnapshotsCommand, listSnapshotsCommand, parseSnapshots } from './kopia.ts';
import type { OpenKopia } from './open-repository.ts';

/** A command line has an end. */
const atOnce = 100;

/**
 * How many went. Who saves claims the name of its backup before it makes a snapshot: so the store is asked after the repository, and a name of which it holds no key at
 * all is of a backup that was deleted.
 */
export async function sweepSnapshots(kopia: OpenKopia, store: Pick<Store, 'folders' | 'prefix'>): Promise<number> {
  const found = parseSnapshots((await kopia.run(listSnapshotsCommand())).stdout);
  if (found.length === 0) return 0;
  const there = new Set(await store.folders(backupsFolder(store.prefix)));
  const gone = found.filter(({ backup }) => !there.has(backup)).map(({ id }) => id);
  for (let at = 0; at < gone.length; at += atOnce) await kopia.run(deleteSnapshotsCommand(gone.slice(at, at + atOnce)));
  return gone.length;
}
