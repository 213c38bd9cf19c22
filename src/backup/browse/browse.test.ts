import { afterEach, describe, expect, it } from 'vitest';
import { saveObjects } from '../../../test/s3/made-backups.ts';
import { type MemoryS3, startMemoryS3 } from '../../../test/s3/memory-s3.ts';
import type { JsonObject } from '../../model/index.ts';
import { openS3Store } from '../store/s3-store.ts';
import type { Store } from '../store/store.ts';
import { findObjects, readObjects } from './browse-backup.ts';
import { maskSecret } from './mask-secret.ts';
import { compileObjectFilter, type ObjectFilter } from './object-filter.ts';
import { readHistory } from './object-history.ts';
import { keyOfPlace, openSavedObjects } from './saved-objects.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function bucket(): Promise<{ store: Store; s3: MemoryS3 }> {
  const s3 = await startMemoryS3();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
  const store = openS3Store({ bucket: 'backups', prefix: 'team', endpoint: s3.endpoint, credentials });
  closing.push(
    () => s3.close(),
    () => store.close(),
  );
  return { store, s3 };
}

function object(type: string, place: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  const named = { name, ...(namespace === '' ? {} : { namespace }), ...metadata };
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata: named, ...rest };
}

const secret = object(
  'v1/Secret',
  'shop/password',
  { data: { value: 'Z2VoZWltbmlz' } },
  {
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"value":"Z2VoZWltbmlz"}}',
      note: 'ours',
    },
  },
);

/** Noise that does not compress, so that the archive has many parts. */
function noise(bytes: number, seed: number): string {
  let state = seed + 1;
  return Array.from({ length: bytes }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return String.fromCharCode(97 + ((state >> 16) % 26));
  }).join('');
}

const many = Array.from({ length: 60 }, (_, index) =>
  object('v1/ConfigMap', `${index % 2 === 0 ? 'shop' : 'other'}/m${index}`, { data: { text: noise(40_000, index) } }),
);
const objects: readonly JsonObject[] = [
  object(
    'apps/v1/Deployment',
    'shop/web',
    { spec: { template: { spec: { containers: [{ name: 'c', image: 'r.test/Web:1' }] } } } },
    { labels: { app: 'web' } },
  ),
  ...many,
  secret,
  object('shop.example.com/v1/Policy', 'shop/round', { spec: { host: 'db.example.com' } }),
  object('v1/Namespace', 'shop'),
];

async function keysOf(store: Store, filter: ObjectFilter, text?: string): Promise<string[]> {
  const saved = await openSavedObjects(store, 'b');
  const keys: string[] = [];
  for await (const each of findObjects(saved, compileObjectFilter(filter), text)) keys.push(keyOfPlace(each));
  return keys;
}

describe.each(['nowwhat', 'velero'] as const)('a backup of %s', (by) => {
  it('is looked through by namespace, kind, name and label', async () => {
    const { store } = await bucket();
    await saveObjects(store, 'b', objects, { by });
    expect(await keysOf(store, {})).toHaveLength(objects.length);
    expect(await keysOf(store, { namespaces: ['oth*'] })).toHaveLength(30);
    for (const kind of ['deploy', 'Deployment', 'deployments', 'deployments.apps'])
      expect(await keysOf(store, { kinds: [kind] })).toEqual(['deployments.apps shop/web']);
    expect(await keysOf(store, { kinds: ['policy', 'ns'] })).toEqual([
      'policies.shop.example.com shop/round',
      'namespaces shop',
    ]);
    expect(await keysOf(store, { name: 'm1?', namespaces: ['shop'] })).toHaveLength(5);
    expect(await keysOf(store, { labels: { matchLabels: { app: 'web' } } })).toEqual(['deployments.apps shop/web']);
    expect(await keysOf(store, { kinds: ['pods'] })).toEqual([]);
  });

  it('gives back an object as it was saved', async () => {
    const { store } = await bucket();
    await saveObjects(store, 'b', objects, { by });
    const read: JsonObject[] = [];
    const filter = compileObjectFilter({ kinds: ['secret'] });
    for await (const each of readObjects(await openSavedObjects(store, 'b'), filter)) read.push(each.object);
    expect(read).toEqual([secret]);
  });

  it('is searched, but for the values of Secrets', async () => {
    const { store } = await bucket();
    await saveObjects(store, 'b', objects, { by });
    expect(await keysOf(store, {}, 'r.test/web')).toEqual(['deployments.apps shop/web']);
    expect(await keysOf(store, {}, 'DB.example')).toEqual(['policies.shop.example.com shop/round']);
    expect(await keysOf(store, {}, 'Z2VoZWltbmlz')).toEqual([]);
    expect(await keysOf(store, { kinds: ['secret'] }, 'value')).toEqual(['secrets shop/password']);
  });
});

describe('of our own backups', () => {
  it('one object costs a small part of the archive', async () => {
    const { store, s3 } = await bucket();
    await saveObjects(store, 'b', objects, { by: 'nowwhat' });
    const archive = s3.objects.get('team/backups/b/b.tar.gz')?.length ?? 0;
    const ranges: number[] = [];
    const read = store.read;
    const watched: Store = Object.assign(Object.create(store) as Store, {
      read: (key: string, range?: { start: number; end: number }) => {
        if (key.endsWith('.tar.gz')) ranges.push(range === undefined ? archive : range.end - range.start + 1);
        return read.call(store, key, range);
      },
    });
    const saved = await openSavedObjects(watched, 'b');
    const filter = compileObjectFilter({ name: 'm31' });
    for await (const each of readObjects(saved, filter)) expect(each.name).toBe('m31');
    expect(ranges).toHaveLength(1);
    expect(ranges[0]).toBeLessThan(archive / 5);
  });

  it('an object that is not what was saved is refused by name', async () => {
    const { store } = await bucket();
    await saveObjects(store, 'b', objects, { by: 'nowwhat' });
    await saveObjects(store, 'c', [secret, ...objects.slice(0, -3), ...objects.slice(-2)], { by: 'nowwhat' });
    const other = await store.get('team/backups/c/c.tar.gz');
    await store.put('team/backups/b/b.tar.gz', other ?? Buffer.alloc(0));
    await expect(keysOf(store, { labels: { matchLabels: { app: 'web' } } })).rejects.toMatchObject({
      code: 'invalid-backup',
    });
  });
});

describe('the history of an object', () => {
  const web = (image: string, uid: string, resourceVersion: string): JsonObject =>
    object(
      'apps/v1/Deployment',
      'shop/web',
      {
        spec: { template: { spec: { containers: [{ name: 'c', image }] } } },
        status: { replicas: Number(resourceVersion) },
      },
      { uid, resourceVersion },
    );

  it('goes through all backups, ours and Velero’s, from the oldest on', async () => {
    const { store, s3 } = await bucket();
    const steps = [
      ['one', [], 'nowwhat'],
      ['two', [web('a:1', 'u1', '1')], 'nowwhat'],
      ['three', [web('a:1', 'u1', '1')], 'nowwhat'],
      ['four', [web('a:1', 'u1', '2')], 'velero'],
      ['five', [web('a:2', 'u1', '3')], 'nowwhat'],
      ['six', [web('a:2', 'u2', '4')], 'velero'],
      ['seven', [], 'velero'],
    ] as const;
    for (const [index, [name, saved, by]] of steps.entries())
      await saveObjects(store, name, saved, { by, started: `2026-11-0${index + 1}T00:00:00Z` });
    const before = s3.requests.length;
    const history = await readHistory(store, { kind: 'deploy', name: 'web' });
    expect(history.object).toBe('deployments.apps shop/web');
    expect(history.entries.map(({ backup, state }) => `${backup} ${state}`)).toEqual([
      'one absent',
      'two first',
      'three same',
      'four same',
      'five changed',
      'six recreated',
      'seven absent',
    ]);
    expect(history.entries[4]?.fields).toEqual([
      { path: '/spec/template/spec/containers/[name=c]/image', change: 'changed', before: 'a:1', after: 'a:2' },
    ]);
    const fetched = s3.requests
      .slice(before)
      .filter(({ method, key }) => method === 'GET' && key.endsWith('three.tar.gz'));
    expect(fetched).toEqual([]);
  });

  it('asks for the namespace where two are meant, and tells of a backup that is damaged', async () => {
    const { store, s3 } = await bucket();
    await saveObjects(store, 'b', [object('v1/ConfigMap', 'a/x'), object('v1/ConfigMap', 'b/x')], { by: 'nowwhat' });
    await expect(readHistory(store, { kind: 'cm', name: 'x' })).rejects.toThrow('configmaps a/x or configmaps b/x');
    s3.objects.set('team/backups/b/b-nowwhat-manifest.jsonl.gz', Buffer.from('x'));
    const { unread, entries } = await readHistory(store, { kind: 'cm', name: 'x', namespace: 'a' });
    expect([unread.length, entries.length]).toEqual([1, 0]);
  });
});

describe('a Secret that is shown', () => {
  it('has its keys, and no value anywhere', () => {
    const text = JSON.stringify(maskSecret(secret));
    expect(text).not.toContain('Z2VoZWltbmlz');
    expect(text).toContain('"value":"(hidden)"');
    expect(text).toContain('"note":"ours"');
    const map = object('v1/ConfigMap', 'a/b', { data: { a: 'b' } });
    expect(maskSecret(map)).toBe(map);
  });
});
