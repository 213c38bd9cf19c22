import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, discover, readConnection } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { collectObjects } from './collect-objects.ts';
import type { ListRecord } from './list-record.ts';
import { compileSelection, type Selection } from './selection.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

const maps = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } }));

async function start(seed: readonly JsonObject[] = maps) {
  const { playground, kubeconfig, close } = await openPlaygroundFolder(seed, { controllers: false });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  closing.push(close, () => client.close());
  return { playground, client };
}

type Started = Awaited<ReturnType<typeof start>>;

/** ConfigMaps by their names, two on a page, and what their list says of itself. */
async function collect({ client }: Started, selection: Selection = {}) {
  const lists: ListRecord[] = [];
  const found: string[] = [];
  const objects = collectObjects({
    client,
    discovery: await discover(client),
    selection: compileSelection({ includedNamespaces: ['shop'], ...selection }),
    concurrency: 2,
    pageSize: 2,
    now: () => '',
    onList: (record) => void lists.push(record),
    onProblem: () => undefined,
  });
  for await (const { resource, name } of objects) if (resource === 'configmaps') found.push(name);
  return { found, list: lists.find(({ groupResource }) => groupResource === 'configmaps') };
}

describe('objects of a backup', () => {
  it.each([
    ['goes on later', { kind: 'expire' }, 3],
    ['begins anew', { kind: 'refuse', code: 410 }, 2],
  ] as const)('come once each where their list ends too early and %s', async (_what, effect, times) => {
    const started = await start();
    const when = { resource: 'configmaps', continued: true };
    started.playground.faults.add({ when, effect, times });
    const { found, list } = await collect(started);
    expect(started.playground.faults.taken).toBe(times);
    expect(found.toSorted()).toEqual(names);
    expect(list).toMatchObject({ objects: names.length, inconsistent: true });
  });

  it('come first and once where they have an order', async () => {
    const { found, list } = await collect(await start(), { orderedResources: { configmaps: 'shop/f,shop/b,shop/f' } });
    expect(found).toEqual(['f', 'b', 'a', 'c', 'd', 'e', 'g']);
    expect(list).toMatchObject({ objects: names.length - 2, inconsistent: false });
  });
});

const modes = { accessModes: ['ReadWriteOnce'] };
const volumeSpec = { ...modes, capacity: { storage: '1Gi' }, hostPath: { path: '/x' } };

function claim(name: string, labels: JsonObject = {}): JsonObject[] {
  const metadata = { name, namespace: 'shop', labels };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { ...modes, resources: { requests: { storage: '1Gi' } }, volumeName: `pv-${name}` },
    },
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `pv-${name}` }, spec: volumeSpec },
  ];
}

function pod(name: string, claims: readonly string[], labels: JsonObject = {}): JsonObject {
  const volumes = claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { volumes, containers: [{ name: 'c', image: 'i' }] },
  };
}

const excluded = { 'velero.io/exclude-from-backup': 'true' };
const app = [
  pod('web', ['data', 'own', 'secret'], { app: 'web' }),
  pod('db', ['db-data'], { app: 'db' }),
  ...claim('data'),
  ...claim('own', { app: 'web' }),
  ...claim('secret', excluded),
  ...claim('db-data'),
  ...claim('free'),
];

/** What a backup by this selection holds of pods, claims and volumes. */
async function savedNames(selection: Selection, seed: readonly JsonObject[] = app): Promise<string[]> {
  const { client } = await start(seed);
  const objects = collectObjects({
    client,
    discovery: await discover(client),
    selection: compileSelection({ includedNamespaces: ['shop'], ...selection }),
    concurrency: 2,
    now: () => '',
    onList: () => undefined,
    onProblem: () => undefined,
  });
  const found: string[] = [];
  for await (const { resource, name } of objects)
    if (['pods', 'persistentvolumeclaims', 'persistentvolumes'].includes(resource)) found.push(`${resource}/${name}`);
  return found.toSorted();
}

const everyName = { names: [], excludedNames: [], selectors: [] };

describe('claims of pods', () => {
  it('come with pods that a selector takes, and volumes with them', async () => {
    expect(await savedNames({ labelSelector: { matchLabels: { app: 'web' } } })).toEqual([
      'persistentvolumeclaims/data',
      'persistentvolumeclaims/own',
      'persistentvolumes/pv-data',
      'persistentvolumes/pv-own',
      'pods/web',
    ]);
  });

  it('come with pods that a filter takes, but not against a filter of their names', async () => {
    const kinds = { pods: { ...everyName, names: ['web'] } };
    const policy = (more: object) => ({
      filters: { inNamespaces: [{ namespaces: ['shop'], kinds: { ...kinds, ...more } }], inCluster: {}, remarks: [] },
    });
    expect(await savedNames(policy({}))).toEqual([
      'persistentvolumeclaims/data',
      'persistentvolumeclaims/own',
      'persistentvolumes/pv-data',
      'persistentvolumes/pv-own',
      'pods/web',
    ]);
    expect(await savedNames(policy({ persistentvolumeclaims: { ...everyName, names: ['own'] } }))).toEqual([
      'persistentvolumeclaims/own',
      'persistentvolumes/pv-own',
      'pods/web',
    ]);
  });

  it('do not come where claims are excluded', async () => {
    const selector = { labelSelector: { matchLabels: { app: 'web' } } };
    expect(await savedNames({ ...selector, excludedResources: ['persistentvolumeclaims'] })).toEqual(['pods/web']);
  });

  it('bring volumes only by names that a filter of the cluster takes, whatever their labels', async () => {
    const filter = { ...everyName, names: ['pv-data'], selectors: [{ matchLabels: { none: 'such' } }] };
    const filters = { inNamespaces: [], inCluster: { persistentvolumes: filter }, remarks: [] };
    const found = await savedNames({ filters, labelSelector: { matchLabels: { app: 'web' } } });
    expect(found.filter((name) => name.startsWith('persistentvolumes/'))).toEqual(['persistentvolumes/pv-data']);
  });

  it('do not bring a volume that its owner keeps out of backups', async () => {
    const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv-data', labels: excluded } };
    const seed = [pod('web', ['data']), claim('data')[0] ?? {}, { ...volume, spec: volumeSpec }];
    expect(await savedNames({}, seed)).toEqual(['persistentvolumeclaims/data', 'pods/web']);
  });
});
