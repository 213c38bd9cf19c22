import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { openBackup } from '../inspect/read-backup.ts';
import { backupKeys } from '../layout/keys.ts';
import { openFolderStore } from '../store/folder-store.ts';
import type { Store } from '../store/store.ts';
import { readVeleroData } from './saved-snapshots.ts';

const infos: readonly JsonObject[] = [
  { backupMethod: 'PodVolumeBackup', pvcNamespace: 'shop', pvcName: 'data' },
  { backupMethod: 'PodVolumeBackup', pvbInfo: { podNamespace: 'shop', volumeName: 'nfs' } },
  { backupMethod: 'CSISnapshot', snapshotDataMoved: true, pvcNamespace: 'mail', pvcName: 'data' },
  { backupMethod: 'CSISnapshot', snapshotDataMoved: false, pvcNamespace: 'news', pvcName: 'data' },
  { skipped: true, pvcNamespace: 'news', pvcName: 'other' },
];

async function savedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-saved-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = openFolderStore(folder);
  const keys = backupKeys('', 'one');
  const object = {
    apiVersion: 'velero.io/v1',
    kind: 'Backup',
    metadata: { name: 'one' },
    status: { phase: 'Completed' },
  };
  await store.put(keys.backup, Buffer.from(JSON.stringify(object)));
  await store.put(keys.volumeInfo, gzipSync(JSON.stringify(infos)));
  return store;
}

describe('data of volumes that Velero has saved', () => {
  it('are counted by the namespace of their repository; snapshots that stayed in their storage are none', async () => {
    const store = await savedStore();
    const found = await readVeleroData(store, await openBackup(store, 'one'));
    expect([...found]).toEqual([
      ['shop', 2],
      ['mail', 1],
    ]);
  });

  it('are none of a backup of ours, whose data the next one removes', async () => {
    const store = await savedStore();
    const opened = await openBackup(store, 'one');
    await store.put(backupKeys('', 'one').manifest, gzipSync(''));
    expect((await readVeleroData(store, opened)).size).toBe(0);
  });
});
