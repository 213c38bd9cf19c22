import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { saveObjects } from '../../../test/s3/made-backups.ts';
import { startMemoryS3 } from '../../../test/s3/memory-s3.ts';
import type { JsonObject } from '../../model/index.ts';
import { listBackups } from '../inspect/read-backup.ts';
import { verifyBackup } from '../inspect/verify-backup.ts';
import { openFolderStore } from '../store/folder-store.ts';
import { openS3Store } from '../store/s3-store.ts';
import { copyBackup } from './copy-backup.ts';
import { downloadArchive } from './download-archive.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const objects: readonly JsonObject[] = Array.from({ length: 5 }, (_, index) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `m${index}`, namespace: 'shop' },
  data: { text: 'x'.repeat(1000) },
}));

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'nowwhat-copy-'));
  closing.push(() => rmSync(root, { recursive: true }));
  return root;
}

async function bucket() {
  const s3 = await startMemoryS3();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
  const open = (prefix: string) => openS3Store({ bucket: 'backups', prefix, endpoint: s3.endpoint, credentials });
  const [from, to] = [open('from'), open('to')];
  closing.push(
    () => s3.close(),
    () => from.close(),
    () => to.close(),
  );
  return { s3, from, to };
}

const progress = (): void => undefined;
const plain = { name: 'a', volumes: false, now: Date.now, progress };

describe.each([
  ['nowwhat', 'hashes'],
  ['velero', 'reading'],
] as const)('a backup of %s', (by, compared) => {
  it('is copied from a bucket into a folder and back, byte for byte, and once', async () => {
    const { s3, from, to } = await bucket();
    const kept = openFolderStore(folder());
    await saveObjects(from, 'a', objects, { by });
    const keys = [...s3.objects.keys()].length;
    expect(await copyBackup({ ...plain, from, to: kept })).toMatchObject({
      copied: keys,
      already: 0,
      compared,
    });
    expect(await verifyBackup(kept, 'a')).toMatchObject({ flaws: [], objects: 5 });
    await copyBackup({ ...plain, from: kept, to });
    for (const [key, bytes] of s3.objects)
      if (key.startsWith('from/')) expect(s3.objects.get(key.replace('from/', 'to/'))?.equals(bytes)).toBe(true);
    expect(await copyBackup({ ...plain, from: kept, to })).toMatchObject({
      copied: 0,
      already: keys,
      bytes: 0,
    });
  });

  it('is never laid over another one of that name', async () => {
    const { from, to } = await bucket();
    await saveObjects(from, 'a', objects, { by });
    await saveObjects(to, 'a', objects.slice(1), { by });
    await expect(copyBackup({ ...plain, from, to })).rejects.toMatchObject({ code: 'store-key-exists' });
    expect(await verifyBackup(to, 'a')).toMatchObject({ flaws: [], objects: 4 });
  });

  it('tells of the data of volumes that stay behind', async () => {
    const { s3, from, to } = await bucket();
    await saveObjects(from, 'a', objects, { by });
    const volume = { spec: { pod: { namespace: 'shop' }, uploaderType: 'kopia' }, status: { snapshotID: 'k1' } };
    if (by === 'velero') {
      s3.objects.set('from/backups/a/a-podvolumebackups.json.gz', gzipSync(JSON.stringify([volume, volume])));
      s3.objects.set('from/kopia/shop/kopia.repository', Buffer.from('{"uniqueID":"one"}'));
    }
    const copied = async () => (await copyBackup({ ...plain, from, to })).leftBehind;
    expect(await copied()).toEqual(by === 'velero' ? [{ namespace: 'shop', volumes: 2, repository: 'missing' }] : []);
    s3.objects.set('to/kopia/shop/kopia.repository', Buffer.from('{"uniqueID":"one","x":1}'));
    expect((await copied())[0]?.repository).toBe(by === 'velero' ? 'same' : undefined);
    s3.objects.set('to/kopia/shop/kopia.repository', Buffer.from('{"uniqueID":"two"}'));
    expect((await copied())[0]?.repository).toBe(by === 'velero' ? 'another' : undefined);
  });

  it('is there only when the data of its volumes are, where they are wanted', async () => {
    const { s3, from, to } = await bucket();
    await saveObjects(from, 'a', objects, { by: 'velero' });
    const data = (uploaderType: string) => ({
      spec: { pod: { namespace: 'shop' }, uploaderType },
      status: { snapshotID: 'k1' },
    });
    const records = gzipSync(JSON.stringify([data('kopia'), data('restic')]));
    s3.objects.set('from/backups/a/a-podvolumebackups.json.gz', records);
    const wish = { ...plain, volumes: true, from, to };
    await expect(copyBackup(wish)).rejects.toThrow('has no kopia repository for shop');
    expect(await listBackups(to)).toEqual([]);
    s3.objects.set('from/kopia/shop/kopia.repository', Buffer.from('{"uniqueID":"one"}'));
    s3.objects.set('from/kopia/shop/p1', Buffer.from('1'));
    expect(await copyBackup(wish)).toMatchObject({
      repositories: [{ namespace: 'shop', copied: 2, already: 0 }],
      leftBehind: [{ namespace: 'shop', volumes: 1 }],
    });
    expect(s3.objects.get('to/kopia/shop/p1')?.toString()).toBe('1');
  });

  it('is downloaded as its archive', async () => {
    const { s3, from } = await bucket();
    await saveObjects(from, 'a', objects, { by });
    const root = folder();
    const file = join(root, 'a.tar.gz');
    const wish = { store: from, name: 'a', file, overwrite: false };
    expect(await downloadArchive(wish)).toMatchObject({ file, compared });
    expect(readFileSync(file).equals(s3.objects.get('from/backups/a/a.tar.gz') ?? Buffer.alloc(0))).toBe(true);
    expect(gunzipSync(readFileSync(file)).toString('latin1')).toContain('resources/configmaps/namespaces/shop/m4.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(downloadArchive(wish)).rejects.toMatchObject({ code: 'output-failed' });
    writeFileSync(file, 'another');
    await downloadArchive({ ...wish, overwrite: true });
    expect(readFileSync(file, 'latin1')).not.toBe('another');
    expect(readdirSync(root)).toEqual(['a.tar.gz']);
  });
});

describe('what is not as it was written', () => {
  it.each([
    ['a changed archive', 'a.tar.gz'],
    ['a changed manifest', 'a-nowwhat-manifest.jsonl.gz'],
    ['a changed seal', 'a-nowwhat-seal.json'],
    ['a changed Backup', 'velero-backup.json'],
  ])('is not copied: %s', async (_what, name) => {
    const { s3, from, to } = await bucket();
    await saveObjects(from, 'a', objects, { by: 'nowwhat' });
    const bytes = Buffer.from(s3.objects.get(`from/backups/a/${name}`) ?? '');
    const at = bytes.length - 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    s3.objects.set(`from/backups/a/${name}`, bytes);
    await expect(copyBackup({ ...plain, from, to })).rejects.toMatchObject({ code: 'invalid-backup' });
    expect((await listBackups(to)).filter(({ phase }) => phase !== 'Unfinished')).toEqual([]);
  });

  it('is not copied: a key that is missing, and one that nobody sealed', async () => {
    const { s3, from, to } = await bucket();
    await saveObjects(from, 'a', objects, { by: 'nowwhat' });
    s3.objects.set('from/backups/a/more', Buffer.from('1'));
    await expect(copyBackup({ ...plain, from, to })).rejects.toThrow('more is not known to the seal');
    s3.objects.delete('from/backups/a/more');
    s3.objects.delete('from/backups/a/a-results.gz');
    await expect(copyBackup({ ...plain, from, to })).rejects.toThrow('a-results.gz is missing');
  });

  it('is not downloaded, and leaves no file', async () => {
    const { s3, from } = await bucket();
    await saveObjects(from, 'a', objects, { by: 'nowwhat' });
    s3.objects.set('from/backups/a/a.tar.gz', gzipSync('other'));
    const root = folder();
    const wish = { store: from, name: 'a', file: join(root, 'a.tar.gz'), overwrite: false };
    await expect(downloadArchive(wish)).rejects.toMatchObject({ code: 'invalid-backup' });
    expect(readdirSync(root)).toEqual([]);
  });
});
