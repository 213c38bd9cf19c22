// A cluster in memory whose storage system takes snapshots, with a store of backups beside it, for one test.

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ApiClient, createClient, readConnection } from '../../src/api/index.ts';
import { openStore } from '../../src/backup/store/open-store.ts';
import type { Store } from '../../src/backup/store/store.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from './playground-folder.ts';
import { snapshotClass, snapshotDefinitions, StandInSnapshots } from './stand-in-snapshots.ts';

export interface SnapshotStorage extends Pick<PlaygroundFolder, 'playground' | 'folder'> {
  readonly client: ApiClient;
  readonly standIn: StandInSnapshots;
  readonly store: Store;
}

/** `seed`: what there is besides the kinds of snapshots and a class of them, `usual`. */
export async function openSnapshotStorage(
  seed: readonly JsonObject[],
  options: Parameters<typeof openPlaygroundFolder>[1],
): Promise<SnapshotStorage> {
  const objects = [...snapshotDefinitions, snapshotClass('usual'), ...seed];
  const { playground, kubeconfig, folder, close } = await openPlaygroundFolder(objects, options);
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  const standIn = new StandInSnapshots(client);
  onTestFinished(async () => {
    await standIn.stop();
    await client.close();
    await close();
  });
  return { playground, folder, client, standIn, store: await openStore(join(folder, 'kept')) };
}
