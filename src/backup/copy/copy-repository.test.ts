import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { UserError } from '../../model/index.ts';
import { openFolderStore } from '../store/folder-store.ts';
import type { Store } from '../store/store.ts';
import { copyRepository } from './copy-repository.ts';

/** As kopia 0.16 names them: packs, indexes, settings, a log and a session under way. */
const blobs: Readonly<Record<string, string>> = {
  'p0b1c-s458d': 'pack of files',
  'qf5f4-se596': 'pack of folders',
  'xn0_dcb9-s458d-c1': 'index',
  'kopia.blobcfg': 'settings',
  'kopia.repository': '{"tool":"kopia","uniqueID":"one"}',
  _log_20261129: 'log',
  s458d12b0: 'session',
};

async function openStores(content = blobs): Promise<{ from: Store; to: Store }> {
  const [from, to] = [openFolderStore(temporaryFolder()), openFolderStore(temporaryFolder())];
  for (const [blob, text] of Object.entries(content)) await from.put(`kopia/shop/${blob}`, Buffer.from(text));
  return { from, to };
}

let clock = 1000;
const copy = (from: Store, to: Store) =>
  copyRepository({ namespace: 'shop', from, to, now: () => (clock += 1), progress: () => undefined });

/** Blobs of kopia's. */
async function contentOf(store: Store): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list('kopia/shop/')) {
    const blob = key.slice('kopia/shop/'.length);
    if (!blob.startsWith('_nowwhat')) found[blob] = (await store.get(key))?.toString() ?? '';
  }
  return found;
}

const { _log_20261129: _log, s458d12b0: _session, ...copied } = blobs;

describe('a kopia repository', () => {
  it('is copied as a whole, without logs and sessions, and once', async () => {
    const { from, to } = await openStores();
    expect(await copy(from, to)).toMatchObject({ namespace: 'shop', copied: 5, already: 0 });
    expect(await contentOf(to)).toEqual(copied);
    expect(await copy(from, to)).toEqual({ namespace: 'shop', copied: 0, already: 5, bytes: 0 });
  });

  it('gets what is new, and keeps what kopia has dropped since', async () => {
    const { from, to } = await openStores();
    await copy(from, to);
    await from.delete('kopia/shop/p0b1c-s458d');
    await from.put('kopia/shop/p9', Buffer.from('later'));
    expect(await copy(from, to)).toMatchObject({ copied: 1 });
    expect(await contentOf(to)).toEqual({ ...copied, p9: 'later' });
    expect(await copy(from, to)).toMatchObject({ copied: 0 });
  });

  it('broken off at any write goes on, and an index never comes before what it names', async () => {
    for (let at = 0; at < 6; at += 1) {
      const { from, to } = await openStores();
      let left = at;
      const failing: Store = new Proxy(to, {
        get: (store, name: keyof Store) =>
          name === 'upload' || name === 'put'
            ? (key: string, body: never, options: never) => {
                if ((left -= 1) < 0) return Promise.reject(new UserError('store-unreachable', 'gone', ''));
                return store[name](key, body, options) as Promise<never>;
              }
            : Reflect.get(store, name),
      });
      await expect(copy(from, failing)).rejects.toMatchObject({ code: 'store-unreachable' });
      const half = Object.keys(await contentOf(to));
      if (half.some((blob) => blob.startsWith('x')))
        expect(half).toEqual(expect.arrayContaining(['p0b1c-s458d', 'qf5f4-se596']));
      expect(half).not.toContain('kopia.repository');
      await copy(from, to);
      expect(await contentOf(to)).toEqual(copied);
    }
  });

  it.each([
    ['another repository', 'kopia.repository', '{"uniqueID":"two"}', 'holds another kopia repository'],
    ['what is none', 'kopia.repository', 'x', 'holds another kopia repository'],
    ['a pack of somebody else', 'p77', '1', 'p77 is not from here'],
    ['an index of somebody else', 'xn5_1', '1', 'xn5_1 is not from here'],
    ['other bytes under a name of it', 'p0b1c-s458d', 'shorter', 'has 7 bytes, and 13 here'],
  ])('is not laid over %s', async (_what, blob, text, words) => {
    const { from, to } = await openStores();
    await to.put(`kopia/shop/${blob}`, Buffer.from(text));
    await expect(copy(from, to)).rejects.toThrow(words);
    expect(await contentOf(to)).toEqual({ [blob]: text });
  });

  it('is refused where there is none', async () => {
    const { from, to } = await openStores({ p1: '1' });
    await expect(copy(from, to)).rejects.toMatchObject({ code: 'store-key-missing' });
  });
});
