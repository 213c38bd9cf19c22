import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type MemoryS3, startMemoryS3 } from '../../../test/s3/memory-s3.ts';
import { openFolderStore } from './folder-store.ts';
import { parseStorePlace } from './parse-place.ts';
import { openS3Store } from './s3-store.ts';
import type { Store } from './store.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };

async function memory(bucket = 'backups', prefix = ''): Promise<{ store: Store; s3: MemoryS3 }> {
  const s3 = await startMemoryS3();
  const store = openS3Store({ bucket, prefix, endpoint: s3.endpoint, credentials });
  closing.push(
    () => s3.close(),
    () => store.close(),
  );
  return { store, s3 };
}

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'nowwhat-store-'));
  closing.push(() => rmSync(root, { recursive: true }));
  return root;
}

const kinds: readonly [string, () => Promise<Store>][] = [
  ['a folder', () => Promise.resolve(openFolderStore(folder()))],
  ['an S3 bucket', async () => (await memory()).store],
];

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe.each(kinds)('%s as a store', (_kind, open) => {
  it('gives back what was put, whole or in part', async () => {
    const store = await open();
    await store.put('a/b.txt', Buffer.from('0123456789'));
    expect((await store.get('a/b.txt'))?.toString()).toBe('0123456789');
    expect(await text(await store.read('a/b.txt', { start: 2, end: 4 }))).toBe('234');
    expect(await store.size('a/b.txt')).toBe(10);
  });

  it('knows what it does not hold', async () => {
    const store = await open();
    expect(await store.get('no')).toBeUndefined();
    expect(await store.size('no')).toBeUndefined();
    await expect(store.read('no')).rejects.toMatchObject({ code: 'store-key-missing' });
    await store.delete('no');
    expect(await store.folders('backups/')).toEqual([]);
  });

  it('lets one of many writers win, and the others know', async () => {
    const store = await open();
    const racing = Array.from({ length: 10 }, (_, index) => String(index)).map((each) =>
      store.put('k', Buffer.from(each), { ifAbsent: true }),
    );
    const results = await Promise.allSettled(racing);
    const won = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [String(index)] : []));
    expect(won).toHaveLength(1);
    expect((await store.get('k'))?.toString()).toBe(won[0]);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'store-key-exists' });
  });

  it('takes bodies of any length as they come, and none where the body fails', async () => {
    const store = await open();
    const piece = Buffer.alloc(1 << 20, 7);
    expect(await store.upload('big', Readable.from(Array(20).fill(piece)))).toBe(20 << 20);
    expect(await store.size('big')).toBe(20 << 20);
    async function* broken(): AsyncGenerator<Buffer> {
      yield piece;
      await Promise.resolve();
      throw new Error('the source broke');
    }
    await expect(store.upload('never', Readable.from(broken()))).rejects.toThrow('the source broke');
    expect(await store.size('never')).toBeUndefined();
  });

  it('lists keys in order, many of them, and folders', async () => {
    const store = await open();
    const keys = Array.from({ length: 250 }, (_, index) => `backups/n${String(index).padStart(3, '0')}/x.json`);
    await Promise.all(keys.map((key) => store.put(key, Buffer.from('1'))));
    const listed: string[] = [];
    for await (const { key } of store.list('backups/')) listed.push(key);
    expect(listed).toEqual(keys);
    expect(await store.folders('backups/')).toHaveLength(250);
    const some: string[] = [];
    for await (const { key } of store.list('backups/n00')) some.push(key);
    expect(some).toHaveLength(10);
  });
});

describe('a folder', () => {
  it('on a full disk says so, and keeps nothing of what was begun', async () => {
    const root = folder();
    const store = openFolderStore(root);
    async function* full(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1000);
      await Promise.resolve();
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    await expect(store.upload('backups/a/b', Readable.from(full()))).rejects.toMatchObject({ code: 'store-full' });
    expect(readdirSync(join(root, 'backups/a'))).toEqual([]);
  });

  it('is never left, whatever the key', async () => {
    const store = openFolderStore(folder());
    await expect(store.put('../x', Buffer.from('1'))).rejects.toMatchObject({ code: 'store-refused' });
  });

  it('shows nothing that a killed writer left', async () => {
    const root = folder();
    const store = openFolderStore(root);
    await store.put('backups/a/b', Buffer.from('1'));
    writeFileSync(join(root, 'backups/a/c.nowwhat-part-0011'), 'half');
    const listed: string[] = [];
    for await (const { key } of store.list('')) listed.push(key);
    expect(listed).toEqual(['backups/a/b']);
    expect(readdirSync(join(root, 'backups/a'))).toHaveLength(2);
  });

  it('sweeps away what killed writers left below a prefix, and nothing else', async () => {
    const root = folder();
    const store = openFolderStore(root);
    for (const key of ['backups/a/b', 'backups/c/d', 'backups/gone/e']) await store.put(key, Buffer.from('1'));
    for (const path of ['a/b.nowwhat-part-0011', 'c/d.nowwhat-part-0011', 'gone/f.nowwhat-part-0011'])
      writeFileSync(join(root, 'backups', path), 'half');
    await store.delete('backups/gone/e');
    for (const name of ['a', 'gone', 'never']) await store.sweep?.(`backups/${name}/`);
    expect(readdirSync(join(root, 'backups')).toSorted()).toEqual(['a', 'c']);
    expect(readdirSync(join(root, 'backups/a'))).toEqual(['b']);
    expect(readdirSync(join(root, 'backups/c'))).toHaveLength(2);
  });
});

describe('an S3 bucket', () => {
  it('that does not exist, refuses, is full or breaks is told in our words', async () => {
    const { store } = await memory('nobody');
    await expect(store.put('a', Buffer.from('1'))).rejects.toMatchObject({ code: 'store-missing' });
    const { store: other, s3 } = await memory();
    const failing = async (status: number, code: string): Promise<unknown> => {
      s3.fault = () => ({ status, code });
      return other.put('a', Buffer.from('1')).catch((error: unknown) => error);
    };
    expect(await failing(403, 'AccessDenied')).toMatchObject({ code: 'store-refused' });
    expect(await failing(403, 'RequestTimeTooSkewed')).toMatchObject({ code: 'store-refused' });
    expect(await failing(507, 'InsufficientStorage')).toMatchObject({ code: 'store-full' });
    expect(await failing(400, 'InvalidRequest')).toMatchObject({ code: 'store-failed' });
  });

  it('is asked again where it stumbles', async () => {
    const { store, s3 } = await memory();
    s3.fault = (_request, index) => (index < 2 ? { status: 503, code: 'SlowDown' } : undefined);
    await store.put('a', Buffer.from('1'));
    expect(s3.requests).toHaveLength(3);
  });

  it.each([
    ['breaks', { truncate: true } as const],
    ['stalls', { stall: true } as const],
  ])('whose body %s is asked for the rest, and for nothing twice', async (_what, fault) => {
    const s3 = await startMemoryS3();
    const store = openS3Store({ bucket: 'backups', endpoint: s3.endpoint, credentials, patience: 200 });
    closing.push(
      () => s3.close(),
      () => store.close(),
    );
    const whole = randomBytes(100_000);
    s3.objects.set('a', whole);
    s3.fault = (_request, index) => (index < 3 ? fault : undefined);
    expect((await store.get('a'))?.equals(whole)).toBe(true);
    expect(s3.requests).toHaveLength(4);
    s3.requests.length = 0;
    const part: Buffer[] = [];
    for await (const chunk of await store.read('a', { start: 1000, end: 70_999 })) part.push(chunk as Buffer);
    expect(Buffer.concat(part).equals(whole.subarray(1000, 71_000))).toBe(true);
  });

  it('that is slow is waited for', async () => {
    const { store, s3 } = await memory();
    s3.objects.set('a', Buffer.from('0123456789'));
    s3.fault = () => ({ pause: 20 });
    expect((await store.get('a'))?.toString()).toBe('0123456789');
    expect(s3.requests).toHaveLength(1);
  });

  it('that never gives the rest is told', async () => {
    const { store, s3 } = await memory();
    s3.objects.set('a', Buffer.from('0'));
    // Half of one byte is none: there is no progress.
    s3.fault = () => ({ truncate: true });
    await expect(store.get('a')).rejects.toMatchObject({ code: expect.stringMatching(/^store-/) });
    expect(s3.requests).toHaveLength(5);
  });

  it('that replaces a key while it is read is told', async () => {
    const { store, s3 } = await memory();
    s3.objects.set('a', Buffer.alloc(50_000, 1));
    s3.fault = (_request, index) => {
      if (index === 1) s3.objects.set('a', Buffer.alloc(50_000, 2));
      return index === 0 ? { truncate: true } : undefined;
    };
    await expect(store.get('a')).rejects.toThrow('was replaced while it was read');
  });

  it('whose clock is another says so', async () => {
    const { store, s3 } = await memory();
    s3.fault = () => ({ status: 403, code: 'RequestTimeTooSkewed' });
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'store-refused',
      message: expect.stringContaining('the clock of this machine and that of the store are too far apart'),
    });
  });

  it('that nobody serves is unreachable', async () => {
    const { store, s3 } = await memory();
    await s3.close();
    await expect(store.get('a')).rejects.toMatchObject({ code: 'store-unreachable' });
  });
});

describe('the name of a store', () => {
  it('is a folder or an address of S3', () => {
    expect(parseStorePlace('./kept')).toEqual({ kind: 'folder', path: './kept' });
    expect(parseStorePlace('s3://shop/team/a?endpoint=https://minio:9000&region=eu&path-style=false')).toMatchObject({
      kind: 's3',
      bucket: 'shop',
      prefix: '/team/a',
      endpoint: 'https://minio:9000',
      region: 'eu',
      pathStyle: false,
    });
  });

  it.each([
    ['s3://'],
    ['s3://a?what=1'],
    ['s3://a?path-style=maybe'],
    ['s3://a?endpoint=minio:9000'],
    ['s3://a/50%'],
    ['gs://bucket'],
    ['https://minio:9000/bucket'],
  ])('%s is refused', (place) => {
    expect(() => parseStorePlace(place)).toThrow('the store');
  });

  it.each([
    ['s3://key:geheim@bucket'],
    ['s3://bucket?endpoint=https://key:geheim@minio:9000'],
    ['gs://key:geheim@bucket'],
  ])('%s is refused without repeating the password', (place) => {
    expect(() => parseStorePlace(place)).toThrow(/^(?!.*geheim)/);
  });
});
