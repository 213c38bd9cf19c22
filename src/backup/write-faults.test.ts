// Bad days of what writes: a store that fails at every call of a backup and of a delete, and an API server that does. Counts stand in docs/backups.md.

import { afterEach, describe, expect, it } from 'vitest';
import { expectTried } from '../../test/backup/fault-table.ts';
import { openPlaygroundFolder } from '../../test/kubernetes/playground-folder.ts';
import { saveObjects } from '../../test/s3/made-backups.ts';
import { type Fault, type MemoryS3, startMemoryS3 } from '../../test/s3/memory-s3.ts';
import { type ApiClient, createClient, readConnection } from '../api/index.ts';
import type { JsonObject } from '../model/index.ts';
import type { Fault as ServerFault, Playground } from '../playground/index.ts';
import { createBackup } from './create/create-backup.ts';
import { deleteBackup } from './inspect/delete-backup.ts';
import { listBackups } from './inspect/read-backup.ts';
import { verifyBackup } from './inspect/verify-backup.ts';
import { openS3Store } from './store/s3-store.ts';
import type { Store } from './store/store.ts';

const closing: (() => unknown)[] = [];
async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}
afterEach(closeAll);

function map(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data: { text: name } };
}

/** Milliseconds. A busy machine is silent for long, so that only a test of silence waits for less. */
const [long, short] = [30_000, 2000];

interface Bucket {
  readonly s3: MemoryS3;
  readonly store: Store;
}

async function openBucket(patience = long): Promise<Bucket> {
  const s3 = await startMemoryS3();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
  const store = openS3Store({ bucket: 'backups', prefix: 'team', endpoint: s3.endpoint, credentials, patience });
  closing.push(
    () => s3.close(),
    () => store.close(),
  );
  return { s3, store };
}

interface Cluster {
  readonly playground: Playground;
  readonly client: ApiClient;
}

async function openCluster(): Promise<Cluster> {
  const { playground, kubeconfig, close } = await openPlaygroundFolder([map('a'), map('b')], { controllers: false });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  closing.push(close, () => client.close());
  return { playground, client };
}

function save(client: ApiClient, store: Store, takeOver = false) {
  const selection = { includedNamespaces: ['shop'] };
  const wish = {
    name: 'one',
    selection,
    storageLocation: 'default',
    veleroNamespace: 'velero',
    concurrency: 1,
    takeOver,
  };
  const context = { client, store, now: Date.now, tool: 'nowwhat test', writer: 'a test', progress: () => undefined };
  return createBackup(wish, context);
}

const passing: Readonly<Record<string, NonNullable<Fault>>> = {
  'an internal error': { status: 500 },
  'a broken connection': { cut: true },
  'half a body': { truncate: true },
  'a body that stalls': { stall: true },
  'a slow body': { pause: 5 },
};

async function callsOf(act: (bucket: Bucket) => Promise<unknown>, bucket: Bucket): Promise<number> {
  bucket.s3.requests.length = 0;
  await act(bucket);
  return bucket.s3.requests.length;
}

/** Once for each call, each with a store of its own. */
async function atEach(calls: number, act: (at: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: calls }, (_, at) => act(at)));
}

describe('a backup', () => {
  it('has as many calls to the store as the page says', async () => {
    const { client } = await openCluster();
    expectTried('create', await callsOf(({ store }) => save(client, store), await openBucket()));
  });

  it.each(Object.entries(passing))(
    'is whole with %s, once at each call',
    async (_what, fault) => {
      const { client } = await openCluster();
      const calls = await callsOf(({ store }) => save(client, store), await openBucket());
      await atEach(calls, async (at) => {
        const { s3, store } = await openBucket('stall' in fault ? short : long);
        s3.fault = (_request, index) => (index === at ? fault : undefined);
        expect(await save(client, store), `call ${at}`).toMatchObject({ phase: 'Completed', problems: [] });
        expect(await verifyBackup(store, 'one'), `call ${at}`).toMatchObject({ flaws: [] });
      });
    },
    120_000,
  );

  it.each([
    ['AccessDenied', 403, 'store-refused'],
    ['InsufficientStorage', 507, 'store-full'],
  ])(
    'says so where the store answers %s, at each call, and is none',
    async (code, status, told) => {
      const { client } = await openCluster();
      const calls = await callsOf(({ store }) => save(client, store), await openBucket());
      await atEach(calls, async (at) => {
        const { s3, store } = await openBucket();
        s3.fault = (_request, index) => (index >= at ? { status, code } : undefined);
        await expect(save(client, store), `call ${at}`).rejects.toMatchObject({ code: told });
        s3.fault = () => undefined;
        for (const { phase } of await listBackups(store)) expect(phase, `call ${at}`).toBe('Unfinished');
      });
    },
    120_000,
  );
});

describe('a backup of an API server with a bad day', () => {
  const times = 3;
  const faults: readonly (readonly [string, ServerFault])[] = [
    ['too many requests', { effect: { kind: 'refuse', code: 429, retryAfter: 0 }, times }],
    ['unavailable for a moment', { effect: { kind: 'refuse', code: 503, retryAfter: 0 }, times }],
    ['an error of its own', { effect: { kind: 'refuse', code: 502 }, times: 2 }],
    ['connections that break before an answer', { effect: { kind: 'cut', afterBytes: 0 }, times }],
    ['connections that break within an answer', { effect: { kind: 'cut', afterBytes: 40 }, times }],
    ['slow answers', { effect: { kind: 'delay', ms: 300 }, times }],
  ];

  it('is tried in as many ways as the page says', () => {
    // And one that lasts.
    expectTried('create, API server', faults.length + 1);
  });

  it.each(faults)('(%s) is whole', async (_what, fault) => {
    const { playground, client } = await openCluster();
    const { store } = await openBucket();
    playground.faults.add({ when: { path: /namespaces|configmaps|secrets/ }, ...fault });
    expect(await save(client, store)).toMatchObject({ phase: 'Completed', problems: [] });
    expect(playground.faults.taken).toBeGreaterThan(0);
    expect(await verifyBackup(store, 'one')).toMatchObject({ flaws: [] });
  });

  it('that lasts for one kind is not whole, and says which', async () => {
    const { playground, client } = await openCluster();
    const { store } = await openBucket();
    playground.faults.add({ when: { resource: 'secrets' }, effect: { kind: 'refuse', code: 500 }, times: 999 });
    const made = await save(client, store);
    expect(made.phase).toBe('PartiallyFailed');
    expect(made.problems.map(({ message }) => message).join()).toContain('secrets could not be listed');
  });
});

describe('a delete', () => {
  async function filled(patience = long): Promise<Bucket> {
    const bucket = await openBucket(patience);
    await saveObjects(bucket.store, 'one', [map('a')], { by: 'nowwhat' });
    await saveObjects(bucket.store, 'two', [map('a')], { by: 'nowwhat' });
    bucket.s3.requests.length = 0;
    return bucket;
  }

  async function expectOnlyOther({ s3, store }: Bucket, what: string): Promise<void> {
    expect(
      [...s3.objects.keys()].filter((key) => key.includes('/backups/one/')),
      what,
    ).toEqual([]);
    expect(await verifyBackup(store, 'two'), what).toMatchObject({ flaws: [] });
  }

  it('has as many calls as the page says', async () => {
    expectTried('delete', await callsOf(({ store }) => deleteBackup(store, 'one'), await filled()));
  });

  it.each(Object.entries(passing))(
    'removes all with %s, once at each call',
    async (_what, fault) => {
      const calls = await callsOf(({ store }) => deleteBackup(store, 'one'), await filled());
      await atEach(calls, async (at) => {
        const bucket = await filled('stall' in fault ? short : long);
        bucket.s3.fault = (_request, index) => (index === at ? fault : undefined);
        await deleteBackup(bucket.store, 'one');
        await expectOnlyOther(bucket, `call ${at}`);
      });
    },
    120_000,
  );

  it('that ended at any call shows nothing half, and the next one completes it', async () => {
    const calls = await callsOf(({ store }) => deleteBackup(store, 'one'), await filled());
    await atEach(calls, async (at) => {
      const bucket = await filled();
      bucket.s3.fault = (_request, index) => (index >= at ? { status: 400, code: 'Died' } : undefined);
      await expect(deleteBackup(bucket.store, 'one')).rejects.toMatchObject({ code: 'store-failed' });
      bucket.s3.fault = () => undefined;
      for (const { name, phase } of await listBackups(bucket.store))
        if (phase !== 'Unfinished')
          expect(await verifyBackup(bucket.store, name), `call ${at}`).toMatchObject({ flaws: [] });
      await deleteBackup(bucket.store, 'one');
      await expectOnlyOther(bucket, `call ${at}`);
    });
  });
});
