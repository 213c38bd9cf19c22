import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { expectTold } from '../../test/backup/fault-table.ts';
import { startMemoryS3 } from '../../test/s3/memory-s3.ts';
import { createClient, readConnection } from '../api/index.ts';
import { type JsonObject, UserError } from '../model/index.ts';
import { startPlayground } from '../playground/index.ts';
import { parseEntry, readArchive } from './archive/read-archive.ts';
import { createBackup } from './create/create-backup.ts';
import type { CreateWish } from './create/create-wish.ts';
import { listBackups, openStore, type Selection, type Store, verifyBackup } from './index.ts';
import { readManifest, readSide } from './inspect/read-backup.ts';
import { backupKeys } from './layout/keys.ts';
import { openS3Store } from './store/s3-store.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function object(type: string, place: string, rest: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [apiVersion, kind] = [type.slice(0, at), type.slice(at + 1)];
  const [name = '', namespace = ''] = place.split('/').toReversed();
  const { labels, ...other } = rest;
  const metadata = { name, ...(namespace === '' ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) };
  return { apiVersion, kind, metadata, ...other };
}

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const seed: readonly JsonObject[] = [
  object('v1/ConfigMap', 'shop/settings', { data: { greeting: '<hello> & "bye"' } }),
  object('v1/ConfigMap', 'shop/left-out', { labels: { 'velero.io/exclude-from-backup': 'true' }, data: {} }),
  object('v1/Secret', 'shop/password', { data: { value: 'Z2VoZWlt' }, type: 'Opaque' }),
  object('v1/ServiceAccount', 'shop/web'),
  object('rbac.authorization.k8s.io/v1/ClusterRole', 'reader', { rules: [] }),
  object('rbac.authorization.k8s.io/v1/ClusterRoleBinding', 'web-reads', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }],
  }),
  object('rbac.authorization.k8s.io/v1/ClusterRole', 'of-others', { rules: [] }),
  object('v1/PersistentVolume', 'pv-1', {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
  }),
  object('v1/PersistentVolumeClaim', 'shop/data', {
    spec: { volumeName: 'pv-1', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  object('apps/v1/Deployment', 'shop/web', {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'r.test/a:1' }] } },
    },
    labels: { app: 'web' },
  }),
  object('v1/ConfigMap', 'other/elsewhere', { data: {} }),
  widgets,
  object('shop.example.com/v1/Widget', 'shop/round', { spec: { radius: 3 } }),
];

async function cluster() {
  const playground = await startPlayground({ seed, controllers: false });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-backup-'));
  const environment = { KUBECONFIG: join(folder, 'config') };
  const { writeFileSync } = await import('node:fs');
  writeFileSync(environment.KUBECONFIG, playground.kubeconfig());
  const client = createClient(await readConnection({ environment }));
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => playground.close(),
    () => client.close(),
  );
  return { playground, client, folder };
}

const shop: Selection = { includedNamespaces: ['shop'] };

function wishFor(name: string, selection: Selection = shop): CreateWish {
  return { name, selection, storageLocation: 'default', veleroNamespace: 'velero', concurrency: 4, takeOver: false };
}

type Client = Awaited<ReturnType<typeof cluster>>['client'];

function make(client: Client, store: Store, wish: CreateWish) {
  const context = { client, store, now: Date.now, tool: 'nowwhat test', writer: 'a test', progress: () => undefined };
  return createBackup(wish, context);
}

async function namesIn(store: Store, name: string): Promise<string[]> {
  const { contents } = backupKeys(store.prefix, name);
  const names: string[] = [];
  for await (const entry of readArchive(await store.read(contents), contents)) {
    const { place } = entry;
    if (place.version === undefined) names.push(`${place.groupResource} ${place.namespace}/${place.name}`);
    parseEntry(entry, contents);
  }
  return names.toSorted();
}

describe('a backup of one namespace', () => {
  it('says of each list what changed since', async () => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    const made = await make(client, store, wishFor('changes'));
    expect(made.lists.find(({ groupResource }) => groupResource === 'widgets.shop.example.com')?.changes).toEqual({
      added: 0,
      modified: 0,
      deleted: 0,
      names: [],
      more: false,
    });
    expect((await readManifest(store, backupKeys('', 'changes')))?.lists).toEqual(made.lists);
  });

  it('takes what is in it, and of the cluster what that needs', async () => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    const made = await make(client, store, wishFor('shop-1'));
    expect(made).toMatchObject({ phase: 'Completed', problems: [] });
    const names = await namesIn(store, 'shop-1');
    for (const each of [
      'configmaps shop/settings',
      'secrets shop/password',
      'deployments.apps shop/web',
      'widgets.shop.example.com shop/round',
      'namespaces /shop',
      'persistentvolumes /pv-1',
      'clusterroles.rbac.authorization.k8s.io /reader',
      'clusterrolebindings.rbac.authorization.k8s.io /web-reads',
      'customresourcedefinitions.apiextensions.k8s.io /widgets.shop.example.com',
    ])
      expect(names).toContain(each);
    for (const each of ['configmaps shop/left-out', 'configmaps other/elsewhere', 'namespaces /other'])
      expect(names).not.toContain(each);
    expect(names).not.toContain('clusterroles.rbac.authorization.k8s.io /of-others');
    expect(made.objects).toBe(names.length);
  });

  it('says what it holds, as Velero does and as we do', async () => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    await make(client, store, wishFor('shop-1'));
    const keys = backupKeys('', 'shop-1');
    expect(await readSide(store, keys.resourceList)).toMatchObject({
      'v1/ConfigMap': expect.arrayContaining(['shop/settings']),
      'apps/v1/Deployment': ['shop/web'],
      'v1/Namespace': ['shop'],
    });
    expect(await readSide(store, keys.volumeInfo)).toMatchObject([{ pvName: 'pv-1', skipped: true }]);
    const manifest = await readManifest(store, keys);
    expect(manifest?.lists).toContainEqual(
      expect.objectContaining({ groupResource: 'configmaps', namespace: 'shop', inconsistent: false }),
    );
    expect(await listBackups(store)).toMatchObject([{ name: 'shop-1', phase: 'Completed', madeBy: 'nowwhat' }]);
    expect(await verifyBackup(store, 'shop-1')).toMatchObject({ compared: 'hashes', flaws: [] });
  });

  it('keeps no claim on its name that another could take', async () => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    const racing = [1, 2, 3].map(() => make(client, store, wishFor('same')));
    const results = await Promise.allSettled(racing);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await verifyBackup(store, 'same')).toMatchObject({ flaws: [] });
    await expect(make(client, store, { ...wishFor('same'), takeOver: true })).rejects.toThrow('already holds a backup');
  });
});

describe('the filters', () => {
  it.each<[string, Selection, string[], string[]]>([
    [
      'resources',
      { ...shop, includedResources: ['cm', 'deploy'] },
      ['configmaps shop/settings'],
      ['secrets shop/password'],
    ],
    [
      'excluded resources',
      { ...shop, excludedResources: ['secrets'] },
      ['configmaps shop/settings'],
      ['secrets shop/password'],
    ],
    [
      'no cluster resources',
      { ...shop, includeClusterResources: false },
      ['namespaces /shop'],
      ['persistentvolumes /pv-1'],
    ],
    [
      'labels',
      { ...shop, labelSelector: { matchLabels: { app: 'web' } } },
      ['deployments.apps shop/web', 'namespaces /shop'],
      ['secrets shop/password'],
    ],
    [
      'globs of namespaces',
      { includedNamespaces: ['sh*'] },
      ['configmaps shop/settings'],
      ['configmaps other/elsewhere'],
    ],
    ['all namespaces', {}, ['configmaps other/elsewhere', 'clusterroles.rbac.authorization.k8s.io /of-others'], []],
    [
      'scoped lists',
      { ...shop, includedNamespaceScopedResources: ['configmaps'], includedClusterScopedResources: ['clusterroles'] },
      ['configmaps shop/settings', 'clusterroles.rbac.authorization.k8s.io /of-others'],
      ['secrets shop/password'],
    ],
    [
      'an order',
      { ...shop, orderedResources: { configmaps: 'shop/settings' } },
      ['configmaps shop/settings', 'secrets shop/password'],
      [],
    ],
  ])('by %s', async (_what, selection, inside, outside) => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    await make(client, store, wishFor('a', selection));
    const names = await namesIn(store, 'a');
    for (const each of inside) expect(names).toContain(each);
    for (const each of outside) expect(names).not.toContain(each);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each<[string, Selection]>([
    ['old and new ones together', { includedResources: ['pods'], includedClusterScopedResources: ['nodes'] }],
    ['one that takes and leaves the same', { includedNamespaces: ['a'], excludedNamespaces: ['a'] }],
    ['an unknown resource', { includedResources: ['nothings'] }],
  ])('refuse %s', async (_what, selection) => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    await expect(make(client, store, wishFor('a', selection))).rejects.toBeInstanceOf(UserError);
    expect((await listBackups(store)).filter(({ phase }) => phase !== 'Unfinished')).toEqual([]);
  });
});

describe('a namespace that is not there', () => {
  it('is an error in the backup, which counts as partial', async () => {
    const { client, folder } = await cluster();
    const store = await openStore(join(folder, 'kept'));
    const made = await make(client, store, wishFor('a', { includedNamespaces: ['shop', 'gone'] }));
    expect(made).toMatchObject({ phase: 'PartiallyFailed', problems: [{ severity: 'error', namespace: 'gone' }] });
  });
});

describe('bad days of the store', () => {
  async function bucket() {
    const s3 = await startMemoryS3();
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const store = openS3Store({ bucket: 'backups', prefix: 'team', endpoint: s3.endpoint, credentials });
    closing.push(
      () => s3.close(),
      () => store.close(),
    );
    return { s3, store };
  }

  it('end at any call: nothing half is visible, and a second run completes', async () => {
    const { client } = await cluster();
    const { s3, store } = await bucket();
    await make(client, store, wishFor('count'));
    const calls = s3.requests.length;
    expect(calls).toBeGreaterThan(12);
    for (let at = 0; at < calls; at += 1) {
      s3.objects.clear();
      s3.requests.length = 0;
      s3.fault = (_request, index) => (index >= at ? { status: 400, code: 'Died' } : undefined);
      await expect(make(client, store, wishFor('cut'))).rejects.toMatchObject({ code: 'store-failed' });
      s3.fault = () => undefined;
      expect((await listBackups(store)).map(({ phase }) => phase)).toEqual(at < 2 ? [] : ['Unfinished']);
      const again = await make(client, store, { ...wishFor('cut'), takeOver: true });
      expect(again.phase).toBe('Completed');
      expect(await verifyBackup(store, 'cut')).toMatchObject({ flaws: [] });
    }
  }, 240_000);

  it('change a byte anywhere: verify names the key', async () => {
    expectTold('changed byte');
    const { client } = await cluster();
    const { s3, store } = await bucket();
    await make(client, store, wishFor('a'));
    const written = new Map(s3.objects);
    for (const [key, whole] of written) {
      for (const at of new Set([0, 4, 9, whole.length >> 1, whole.length - 1])) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ 1;
        s3.objects.set(key, changed);
        const flaws = await verifyBackup(store, 'a').then(
          (verification) => verification.flaws.map(({ where, what }) => `${where} ${what}`),
          (error: unknown) => [String(error)],
        );
        expect(flaws.join('\n'), `${key} at ${at}`).toContain(key);
      }
      s3.objects.set(key, whole);
    }
    expect(await verifyBackup(store, 'a')).toMatchObject({ flaws: [] });
  });

  it('lose a key: verify names it', async () => {
    const { client } = await cluster();
    const { s3, store } = await bucket();
    await make(client, store, wishFor('a'));
    const written = new Map(s3.objects);
    for (const [key, whole] of written) {
      if (key.endsWith('velero-backup.json')) continue;
      s3.objects.delete(key);
      const found = await verifyBackup(store, 'a').then(
        ({ flaws }) => flaws.map(({ where }) => where),
        (error: unknown) => [String(error)],
      );
      expect(found.join('\n')).toContain(key);
      s3.objects.set(key, whole);
    }
  });
});
