import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { startMemoryS3 } from '../../../test/s3/memory-s3.ts';
import { createClient, readConnection } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ExecCall, ExecResult } from '../../playground/index.ts';
import { createBackup } from '../create/create-backup.ts';
import { listBackups, openStore, type Store, verifyBackup } from '../index.ts';
import { backupKeys } from '../layout/keys.ts';
import { openS3Store } from '../store/s3-store.ts';
import { readDumps } from './dump-index.ts';
import { namesOf } from './find-named.ts';
import { planDumps } from './plan-dumps.ts';
import { restoreDump } from './restore-dump.ts';

const end = '\n\\echo nowwhat: end of dump\n';
const dump = `${randomBytes(300_000).toString('base64')}${end}`;

function pod(name: string, image: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [{ name: 'main', image }] },
    status: { phase: 'Running' },
  };
}

const pods = [pod('db-0', 'postgres:16'), pod('cache', 'redis:7'), pod('web', 'nginx:1')];

type Answer = (call: ExecCall) => ExecResult | Promise<ExecResult>;

async function open(answer: Answer) {
  const { kubeconfig, folder, close } = await openPlaygroundFolder(pods, {
    controllers: false,
    scripts: { exec: [{ result: answer }] },
  });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  const selection = { includedNamespaces: ['shop'] };
  const plan = (...names: string[]) => planDumps({ client, selection, concurrency: 2 }, names);
  const make = async (store: Store, ...names: string[]) =>
    createBackup(
      { name: 'b', selection, storageLocation: 'default', veleroNamespace: 'velero', concurrency: 2, takeOver: true },
      {
        client,
        store,
        now: Date.now,
        tool: 'test',
        writer: 'test',
        progress: () => undefined,
        dumps: await plan(...names),
      },
    );
  return { client, plan, make, folder: await openStore(join(folder, 'kept')) };
}

async function bucket() {
  const s3 = await startMemoryS3();
  const store = openS3Store({
    bucket: 'backups',
    prefix: 'team',
    endpoint: s3.endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { s3, store };
}

describe('databases to dump', () => {
  it('have the names of their workloads', () => {
    const owned = (kind: string, name: string): JsonObject => ({
      metadata: { name: 'p', namespace: 'shop', ownerReferences: [{ kind, name }] },
    });
    expect(namesOf(owned('ReplicaSet', 'my-cache-5d4f'))).toEqual(
      expect.arrayContaining(['my-cache', 'shop/my-cache']),
    );
    expect(namesOf(owned('StatefulSet', 'db-1'))).toEqual(['p', 'db-1', 'shop/p', 'shop/db-1']);
  });

  it('are found, or named by pod and workload', async () => {
    const { plan } = await open(() => ({}));
    const places = async (...names: string[]) =>
      (await plan(...names)).map(({ pod: name, recipe }) => `${name} ${recipe.name}`);
    expect(await places('auto')).toEqual(['cache redis', 'db-0 postgresql']);
    expect(await places('cache')).toEqual(['cache redis']);
    expect(await places('shop/db-0', 'auto')).toHaveLength(2);
    expect(await places('web=mysql')).toEqual(['web mysql']);
    await expect(places('web')).rejects.toThrow('"web"');
    await expect(places('gone')).rejects.toThrow('"gone"');
    await expect(places('db-0=oracle')).rejects.toThrow('no recipe "oracle"');
  });
});

describe.each(['folder', 'bucket'])('a dump in a %s', (kind) => {
  const storeOf = async (opened: Awaited<ReturnType<typeof open>>): Promise<Store> =>
    kind === 'folder' ? opened.folder : (await bucket()).store;

  it('is saved, sealed, and comes back byte for byte', async () => {
    let received = '';
    const opened = await open(({ stdin }) => {
      received = stdin;
      return stdin === '' ? { stdout: dump } : { stdout: 'nowwhat: end of dump\n' };
    });
    const store = await storeOf(opened);
    const made = await opened.make(store, 'db-0');
    expect(made).toMatchObject({ phase: 'Completed', problems: [], dumps: [{ pod: 'db-0', bytes: dump.length }] });
    expect(await verifyBackup(store, 'b')).toMatchObject({ flaws: [] });
    const [record] = await readDumps(store, 'b');
    const to = { namespace: 'shop', pod: 'web', container: 'main' };
    const { client } = opened;
    await restoreDump({ client, store, backup: 'b', record: record!, to, progress: () => undefined });
    expect(received === dump).toBe(true);
  });

  it.each<[string, Answer, string]>([
    ['was cut off', () => ({ stdout: dump.slice(0, -3) }), `it was cut off after ${dump.length - 3} bytes`],
    ['failed at its end', () => ({ stdout: dump, exitCode: 3, stderr: 'lost\n' }), 'exit status 3: lost'],
    ['is empty', () => ({ stdout: '' }), 'it was cut off after 0 bytes'],
  ])('that %s is not there, and told', async (_what, answer, why) => {
    const opened = await open(answer);
    const store = await storeOf(opened);
    const made = await opened.make(store, 'db-0');
    expect(made).toMatchObject({ phase: 'PartiallyFailed', dumps: [], problems: [{ severity: 'error' }] });
    expect(made.problems[0]?.message).toContain(why);
    const { backup } = backupKeys(store.prefix, 'b');
    const keys: string[] = [];
    for await (const { key } of store.list(backup.slice(0, backup.lastIndexOf('/') + 1))) keys.push(key);
    expect(keys.filter((key) => key.includes('nowwhat-dump-'))).toEqual([]);
    expect(await verifyBackup(store, 'b')).toMatchObject({ flaws: [] });
  });

  it('that is none of its kind is refused', async () => {
    const opened = await open(() => ({ stdout: Buffer.from('RADIS0010....\xff12345678', 'latin1') }));
    const made = await opened.make(await storeOf(opened), 'cache');
    expect(made.problems[0]?.message).toContain('what it printed is no dump of Redis');
  });
});

describe('a store that is full while a dump is written', () => {
  it('ends the backup, of which nothing is visible', async () => {
    const { make } = await open(() => ({ stdout: dump }));
    const { s3, store } = await bucket();
    s3.fault = ({ key }) => (key.includes('nowwhat-dump-') ? { status: 507, code: 'QuotaExceeded' } : undefined);
    await expect(make(store, 'db-0')).rejects.toMatchObject({ code: expect.stringContaining('store-') });
    s3.fault = () => undefined;
    expect((await listBackups(store)).map(({ phase }) => phase)).toEqual(['Unfinished']);
  });
});

describe('a dump that was changed', () => {
  it('is found before anything is sent', async () => {
    let sent = false;
    const { client, make } = await open(({ stdin }) => {
      sent ||= stdin !== '';
      return { stdout: dump };
    });
    const { s3, store } = await bucket();
    await make(store, 'db-0');
    const [record] = await readDumps(store, 'b');
    const key = [...s3.objects.keys()].find((each) => each.includes('nowwhat-dump-')) ?? '';
    const whole = s3.objects.get(key) ?? Buffer.alloc(0);
    const to = { namespace: 'shop', pod: 'db-0', container: 'main' };
    const bring = () => restoreDump({ client, store, backup: 'b', record: record!, to, progress: () => undefined });
    for (const at of [0, 30, whole.length >> 1, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      s3.objects.set(key, changed);
      await expect(bring(), `byte ${at}`).rejects.toMatchObject({ code: 'invalid-backup' });
    }
    s3.objects.set(key, whole.subarray(0, whole.length >> 1));
    await expect(bring()).rejects.toMatchObject({ code: 'invalid-backup' });
    expect(sent).toBe(false);
  });

  it('or of which the database has not read the end is told', async () => {
    const { client, make, folder } = await open(({ stdin }) => (stdin === '' ? { stdout: dump } : {}));
    await make(folder, 'db-0');
    const [record] = await readDumps(folder, 'b');
    const to = { namespace: 'shop', pod: 'db-0', container: 'main' };
    const bring = restoreDump({ client, store: folder, backup: 'b', record: record!, to, progress: () => undefined });
    await expect(bring).rejects.toThrow('ended before it had read all of it');
  });

  it('or that the database does not take is told with its last word', async () => {
    const { client, make, folder } = await open(({ stdin }) =>
      stdin === '' ? { stdout: dump } : { exitCode: 3, stderr: 'ERROR: no room\n' },
    );
    await make(folder, 'db-0');
    const [record] = await readDumps(folder, 'b');
    const to = { namespace: 'shop', pod: 'db-0', container: 'main' };
    const bring = restoreDump({ client, store: folder, backup: 'b', record: record!, to, progress: () => undefined });
    await expect(bring).rejects.toThrow('the database did not take the dump: exit status 3: ERROR: no room');
  });
});

describe('a dump that prints nothing', () => {
  it('is given up after a while', async () => {
    const { client, plan } = await open(async () => {
      await setTimeout(20_000, undefined, { ref: false });
      return {};
    });
    const { writeDump } = await import('./write-dump.ts');
    const [target] = await plan('db-0');
    const upload = async (body: NodeJS.ReadableStream): Promise<void> => {
      for await (const _ of body);
    };
    const written = writeDump(target!, { client, upload, patience: 200, onBytes: () => undefined });
    await expect(written).rejects.toThrow('it printed nothing for 0 s');
  });
});
