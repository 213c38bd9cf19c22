import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { readSeal } from '../inspect/read-seal.ts';
import { backupKeys } from '../layout/keys.ts';
import { renderSeal } from '../layout/manifest.ts';
import { openFolderStore } from '../store/folder-store.ts';
import type { Store } from '../store/store.ts';
import { filesEnd, filesHeader, volumeLine } from './files-manifest.ts';
import { readHostPaths } from './read-host-paths.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-host-paths-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const volume = { namespace: 'shop', pod: 'web', name: 'data', node: 'minikube', snapshot: 'a1', bytes: 1, files: 1 };
const lines = [
  filesHeader('b'),
  volumeLine({ ...volume, hostPath: '/data/shop' }),
  volumeLine({ ...volume, name: 'other', claim: 'c' }),
  filesEnd(2, 0),
].join('');

const keys = backupKeys('', 'b');
function opened(madeBy: 'nowwhat' | 'velero'): OpenedBackup {
  return { name: 'b', keys, summary: { madeBy } } as unknown as OpenedBackup;
}

async function readThem(store: Store, backup: OpenedBackup) {
  return readHostPaths(store, backup, await readSeal(store, backup));
}

async function storeWith(content: Buffer, sealed: Buffer | undefined) {
  const store = openFolderStore(folder);
  await store.put(keys.files, content);
  const name = keys.files.split('/').at(-1) ?? '';
  if (sealed !== undefined) {
    const sha256 = createHash('sha256').update(sealed).digest('hex');
    await store.put(keys.seal, Buffer.from(renderSeal('b', [{ name, bytes: sealed.length, sha256 }])));
  }
  return store;
}

describe('directories of nodes in a backup', () => {
  it('are those that its list of files tells of', async () => {
    const store = await storeWith(gzipSync(lines), gzipSync(lines));
    expect(await readThem(store, opened('nowwhat'))).toMatchObject([
      { namespace: 'shop', pod: 'web', node: 'minikube', hostPath: '/data/shop', snapshot: 'a1' },
    ]);
  });

  it('are refused where the list is not as it was sealed', async () => {
    const store = await storeWith(gzipSync(lines.replace('/data/shop', '/etc/cron.d')), gzipSync(lines));
    await expect(readThem(store, opened('nowwhat'))).rejects.toThrow('not as it was written');
  });

  it('are held to the seal that was looked at, not to one that somebody put in its place since', async () => {
    const store = await storeWith(gzipSync(lines), gzipSync(lines));
    const seal = await readSeal(store, opened('nowwhat'));
    const others = gzipSync(lines.replace('/data/shop', '/etc/cron.d'));
    await storeWith(others, others);
    expect(await readThem(store, opened('nowwhat'))).toMatchObject([{ hostPath: '/etc/cron.d' }]);
    await expect(readHostPaths(store, opened('nowwhat'), seal)).rejects.toThrow('not as it was written');
  });

  it('are none in a backup of Velero, whatever lies beside it', async () => {
    const store = await storeWith(gzipSync(lines), undefined);
    expect(await readThem(store, opened('velero'))).toEqual([]);
  });
});
