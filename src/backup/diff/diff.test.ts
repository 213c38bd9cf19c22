import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { saveObjects } from '../../../test/s3/made-backups.ts';
import { createClient, readConnection } from '../../api/index.ts';
import { asObject, isSameJson, type Json, type JsonObject } from '../../model/index.ts';
import { startPlayground } from '../../playground/index.ts';
import { compileObjectFilter, type ObjectFilter } from '../browse/object-filter.ts';
import { openSavedObjects } from '../browse/saved-objects.ts';
import { createBackup } from '../create/create-backup.ts';
import { openFolderStore } from '../store/folder-store.ts';
import type { Store } from '../store/store.ts';
import { type BackupDiff, diffBackups, visitBackup } from './diff-backups.ts';
import { diffFields } from './field-diff.ts';
import { visitLive } from './visit-live.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function folder(): Store {
  const root = mkdtempSync(join(tmpdir(), 'nowwhat-diff-'));
  closing.push(() => rmSync(root, { recursive: true }));
  return openFolderStore(root);
}

function object(type: string, place: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  return {
    apiVersion: type.slice(0, at),
    kind: type.slice(at + 1),
    metadata: { name, namespace, ...metadata },
    ...rest,
  };
}

const server = (resourceVersion: string): JsonObject => ({
  uid: 'u',
  resourceVersion,
  generation: Number(resourceVersion),
  managedFields: [{ manager: resourceVersion }],
  annotations: { 'deployment.kubernetes.io/revision': resourceVersion },
});

const controlled = { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'r', controller: true }] };

const before: readonly JsonObject[] = [
  object('apps/v1/Deployment', 'shop/web', { spec: { replicas: 2 }, status: { replicas: 1 } }, server('1')),
  object('apps/v1/Deployment', 'shop/db', { spec: { replicas: 1 } }, server('1')),
  object('v1/ConfigMap', 'shop/gone', { data: { a: 'b' } }, { labels: { app: 'web' } }),
  object('v1/ConfigMap', 'shop/same', { data: { a: 'b' } }),
  object('v1/Secret', 'shop/password', { data: { value: 'YWx0', user: 'bWU=' } }),
  object('v1/Pod', 'shop/web-1-abc', {}, controlled),
];
/** A restore has made it again; nobody wrote that. */
const restored = { 'velero.io/backup-name': 'first', 'velero.io/restore-name': 'first-1' };
const after: readonly JsonObject[] = [
  object('v1/Pod', 'shop/web-1-def', {}, controlled),
  object('v1/Secret', 'shop/password', { data: { value: 'bmV1', token: 'dA==' } }),
  object('v1/ConfigMap', 'shop/same', { data: { a: 'b' } }, { labels: restored }),
  object('apps/v1/Deployment', 'shop/db', { spec: { replicas: 1 } }, { ...server('2'), uid: 'other' }),
  object('apps/v1/Deployment', 'shop/web', { spec: { replicas: 3 }, status: { replicas: 3 } }, server('2')),
  object('v1/ConfigMap', 'other/new', { data: {} }),
];

interface Asking {
  readonly filter?: ObjectFilter;
  readonly keepStatus?: boolean;
  readonly all?: boolean;
}

async function diff(store: Store, { filter = {}, keepStatus = false, all = false }: Asking = {}): Promise<BackupDiff> {
  const [one, other] = [await openSavedObjects(store, 'one'), await openSavedObjects(store, 'other')];
  const rest = { filter: compileObjectFilter(filter), keepStatus, all };
  return diffBackups({ before: one, after: (isSame) => visitBackup(other, isSame), ...rest });
}

function words({ differences }: BackupDiff): string[] {
  return differences.map(({ change, kind, namespace, name, recreated }) =>
    [change, `${kind} ${namespace}/${name}`, ...(recreated ? ['recreated'] : [])].join(' '),
  );
}

const pairs = [
  ['nowwhat', 'nowwhat'],
  ['nowwhat', 'velero'],
  ['velero', 'nowwhat'],
  ['velero', 'velero'],
] as const;

describe.each(pairs)('a backup of %s and one of %s', (one, other) => {
  async function saved(): Promise<Store> {
    const store = folder();
    await saveObjects(store, 'one', before, { by: one });
    await saveObjects(store, 'other', after, { by: other });
    return store;
  }

  it('differ in what somebody changed', async () => {
    const found = await diff(await saved());
    expect(words(found)).toEqual([
      'added ConfigMap other/new',
      'removed ConfigMap shop/gone',
      'changed Deployment shop/db recreated',
      'changed Deployment shop/web',
      'changed Secret shop/password',
    ]);
    expect(found).toMatchObject({ same: 1, leftOut: 2 });
    expect(found.differences[3]?.fields).toEqual([{ path: '/spec/replicas', change: 'changed', before: 2, after: 3 }]);
  });

  it('differ in a Secret by its keys alone', async () => {
    const { differences } = await diff(await saved(), { filter: { kinds: ['secret'] } });
    expect(differences[0]?.fields).toEqual([
      { path: '/data/user', change: 'removed', withheld: true },
      { path: '/data/value', change: 'changed', withheld: true },
      { path: '/data/token', change: 'added', withheld: true },
    ]);
    expect(JSON.stringify(differences)).not.toMatch(/YWx0|bmV1|bWU=|dA==/);
  });

  it('differ in status, and in what controllers keep, where it is asked for', async () => {
    const store = await saved();
    const { differences } = await diff(store, { keepStatus: true, filter: { name: 'web' } });
    expect(differences[0]?.fields.map(({ path }) => path)).toEqual(['/spec/replicas', '/status/replicas']);
    expect(words(await diff(store, { all: true, filter: { kinds: ['pod'] } }))).toEqual([
      'removed Pod shop/web-1-abc',
      'added Pod shop/web-1-def',
    ]);
  });

  it('are compared by label and namespace', async () => {
    const store = await saved();
    expect(words(await diff(store, { filter: { labels: { matchLabels: { app: 'web' } } } }))).toEqual([
      'removed ConfigMap shop/gone',
    ]);
    expect(words(await diff(store, { filter: { namespaces: ['other'] } }))).toEqual(['added ConfigMap other/new']);
  });
});

it('of two backups that are the same, no archive is read', async () => {
  const store = folder();
  await saveObjects(store, 'one', before, { by: 'nowwhat' });
  await saveObjects(store, 'other', before.toReversed(), { by: 'nowwhat' });
  for (const name of ['one', 'other']) await store.delete(`backups/${name}/${name}.tar.gz`);
  expect(await diff(store)).toEqual({ differences: [], same: before.length, leftOut: 0, sealed: 0 });
});

describe('a backup and the cluster', () => {
  it('differ in what was changed since, and in nothing just afterwards', async () => {
    const seed = [before[3] ?? {}, before[4] ?? {}, object('v1/ConfigMap', 'shop/mine', { data: { a: '1' } })];
    const playground = await startPlayground({ seed, controllers: false });
    const root = mkdtempSync(join(tmpdir(), 'nowwhat-live-'));
    closing.push(() => rmSync(root, { recursive: true }));
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(root, 'kubeconfig'), playground.kubeconfig());
    const client = createClient(await readConnection({ path: join(root, 'kubeconfig'), environment: {} }));
    closing.push(
      () => playground.close(),
      () => client.close(),
    );
    const store = openFolderStore(join(root, 'kept'));
    const how = { veleroNamespace: 'velero', storageLocation: 'default', concurrency: 4, takeOver: false };
    const context = { client, store, now: Date.now, tool: 'a test', writer: 'a test', progress: () => undefined };
    await createBackup({ ...how, name: 'one', selection: { includedNamespaces: ['shop'] } }, context);
    const problems: unknown[] = [];
    const compare = async (): Promise<BackupDiff> => {
      const saved = await openSavedObjects(store, 'one');
      const side = { client, concurrency: 4, onProblem: (problem: unknown) => problems.push(problem) };
      const rest = { filter: compileObjectFilter({}), keepStatus: false, all: false };
      return diffBackups({ before: saved, after: (isSame) => visitLive(saved, side, isSame), ...rest });
    };
    expect((await compare()).differences).toEqual([]);
    const maps = '/api/v1/namespaces/shop/configmaps';
    const contentType = 'application/merge-patch+json';
    await client.request({ method: 'PATCH', path: `${maps}/mine`, contentType, body: { data: { a: '2' } } });
    await client.request({ method: 'DELETE', path: `${maps}/same` });
    await client.request({ method: 'POST', path: maps, body: object('v1/ConfigMap', 'shop/new', { data: {} }) });
    expect(words(await compare())).toEqual([
      'changed ConfigMap shop/mine',
      'added ConfigMap shop/new',
      'removed ConfigMap shop/same',
    ]);
    expect(problems).toEqual([]);
  });
});

describe('fields', () => {
  const container = (name: string, image: string): JsonObject => ({ name, image });

  it('of lists are told apart by what names their items', () => {
    const one = { c: [container('a', '1'), container('b', '1')] };
    const other = { c: [container('new', '1'), container('a', '1'), container('b', '2')] };
    expect(diffFields(one, other)).toEqual([
      { path: '/c/[name=b]/image', change: 'changed', before: '1', after: '2' },
      { path: '/c/[name=new]', change: 'added', after: container('new', '1') },
    ]);
    expect(
      diffFields({ c: [container('a', '1'), container('b', '1')] }, { c: [container('b', '1'), container('a', '1')] }),
    ).toHaveLength(1);
  });

  it('differ exactly where the objects do, and say what they were', () => {
    const values = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const [a, b] = [asObject(one), asObject(other)];
        expect(diffFields(a, a)).toEqual([]);
        const changes = diffFields(a, b);
        expect(changes.length > 0).toBe(!isSameJson(a, b));
        for (const { change, before: was, after: is } of changes)
          expect([was === undefined, is === undefined]).toEqual([change === 'added', change === 'removed']);
      }),
    );
  });

  it('of a Secret never hold a value', () => {
    const value = fc.string({ minLength: 8, maxLength: 20 }).filter((text) => /^[A-Za-z0-9]+$/.test(text));
    const data = fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), value), { nil: undefined });
    const made = fc.record({ data, stringData: data }).map(({ data: d, stringData: s }): JsonObject => {
      const annotations: Json = { copy: JSON.stringify({ d: d ?? null, s: s ?? null }) };
      const rest = { ...(d === undefined ? {} : { data: d }), ...(s === undefined ? {} : { stringData: s }) };
      return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', annotations }, ...rest };
    });
    fc.assert(
      fc.property(made, made, (one, other) => {
        const text = JSON.stringify(diffFields(one, other));
        for (const { data: d, stringData: s } of [one, other])
          for (const each of [...Object.values(asObject(d)), ...Object.values(asObject(s))])
            expect(text).not.toContain(each);
      }),
    );
  });
});
