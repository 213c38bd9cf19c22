import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectTold } from '../../../test/backup/fault-table.ts';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { startMemoryS3 } from '../../../test/s3/memory-s3.ts';
import { createClient, readConnection } from '../../api/index.ts';
import { createBackup } from '../create/create-backup.ts';
import { listBackups, type Store, verifyBackup } from '../index.ts';
import { scheduleLabel } from '../inspect/read-backup.ts';
import { backupFolder, backupKeys } from '../layout/keys.ts';
import { openS3Store } from '../store/s3-store.ts';
import { drillsOf, readDrills, recordDrill } from './drill-marks.ts';
import { applyPrune, planPrune, type PruneWish } from './prune-store.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-29T12:00:00Z');
const by = { hourly: 0, daily: 2, weekly: 0, monthly: 0, yearly: 0 };
const wish: PruneWish = { rule: { last: 0, by, within: 0, zone: 'UTC' }, all: false };

/** Keys of five backups of a schedule, one a day, and of one by hand. Made once: each test gets its copy. */
let written: ReadonlyMap<string, Buffer>;

async function bucket() {
  const s3 = await startMemoryS3();
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const store = openS3Store({ bucket: 'backups', prefix: 'team', endpoint: s3.endpoint, credentials });
  return { s3, store };
}

async function filled() {
  const opened = await bucket();
  onTestFinished(async () => {
    opened.store.close();
    await opened.s3.close();
  });
  for (const [key, body] of written) opened.s3.objects.set(key, body);
  return opened;
}

beforeAll(async () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } };
  const { kubeconfig, close } = await openPlaygroundFolder([map], { controllers: false });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  const { s3, store } = await bucket();
  const make = (name: string, daysAgo: number, labels: Record<string, string>) =>
    createBackup(
      {
        name,
        labels,
        selection: { includedNamespaces: ['shop'] },
        takeOver: false,
        storageLocation: 'default',
        veleroNamespace: 'velero',
        concurrency: 2,
      },
      {
        client,
        store,
        tool: 'test',
        writer: 'test',
        progress: () => undefined,
        now: () => now - daysAgo * day,
      },
    );
  for (const each of [0, 1, 2, 3, 4])
    await make(`nightly-2026112${9 - each}030000`, each, { [scheduleLabel]: 'nightly' });
  await make('by-hand', 5, {});
  written = new Map(s3.objects);
  store.close();
  await s3.close();
  await client.close();
  await close();
}, 60_000);

async function prune(store: Store, changes: Partial<PruneWish> = {}, at = now, held: readonly string[] = []) {
  return await applyPrune(store, await planPrune(store, { ...wish, ...changes }, at), {
    progress: () => undefined,
    end: async (name) => (held.includes(name) ? 'it holds snapshots' : undefined),
  });
}

async function namesOf(store: Store): Promise<string[]> {
  return (await listBackups(store)).filter(({ phase }) => phase === 'Completed').map(({ name }) => name);
}

describe('pruning a store', () => {
  it('deletes what the rule does not keep, and nothing by hand', async () => {
    const { store } = await filled();
    const pruned = await prune(store);
    expect(pruned.map(({ name }) => name)).toEqual([
      'nightly-20261125030000',
      'nightly-20261126030000',
      'nightly-20261127030000',
    ]);
    expect(await namesOf(store)).toEqual(['nightly-20261129030000', 'nightly-20261128030000', 'by-hand']);
    for (const name of await namesOf(store)) expect(await verifyBackup(store, name)).toMatchObject({ flaws: [] });
    expect(await prune(store)).toEqual([]);
  });

  it('keeps to the schedule that is named, and counts series apart', async () => {
    const { store } = await filled();
    expect(await prune(store, { schedule: 'weekly' })).toEqual([]);
    expect((await planPrune(store, { ...wish, all: true }, now)).series).toHaveLength(2);
    await prune(store, { all: true });
    // The newest of its series that completed stays, whatever the rule.
    expect(await namesOf(store)).toContain('by-hand');
  });

  it('keeps the newest that a drill has proven; not one that was made again under its name', async () => {
    const { s3, store } = await filled();
    await recordDrill(store, 'nightly-20261125030000', { holds: true }, now - 4 * day);
    await recordDrill(store, 'nightly-20261126030000', { holds: true }, now - 3 * day);
    await recordDrill(store, 'nightly-20261127030000', { holds: true }, now - 2 * day);
    const { backup } = backupKeys('team', 'nightly-20261127030000');
    s3.objects.set(backup, Buffer.concat([s3.objects.get(backup) ?? Buffer.alloc(0), Buffer.from(' ')]));
    await prune(store);
    expect(await namesOf(store)).toEqual([
      'nightly-20261129030000',
      'nightly-20261128030000',
      'nightly-20261126030000',
      'by-hand',
    ]);
    expect([...s3.objects.keys()].filter((key) => key.includes('restores/'))).toHaveLength(1);
  });

  it('keeps none for a drill that did not bring it back, and what the drill has shown is there to be read', async () => {
    const { store } = await filled();
    const name = 'nightly-20261128030000';
    await recordDrill(store, name, { holds: true, proof: { kind: 'drill' } }, now - 2 * day);
    await recordDrill(store, name, { holds: false, proof: { kind: 'drill' } }, now - day);
    await recordDrill(store, 'nightly-20261125030000', { holds: false }, now - day);
    const drills = await drillsOf(store, name, await readDrills(store));
    expect(drills.map(({ holds, proof }) => [holds, proof])).toEqual([
      [false, { kind: 'drill' }],
      [true, { kind: 'drill' }],
    ]);
    await prune(store);
    expect(await namesOf(store)).not.toContain('nightly-20261125030000');
    expect(await namesOf(store)).toContain(name);
  });

  it('leaves those of Velero alone', async () => {
    const { s3, store } = await filled();
    for (const name of await namesOf(store)) s3.objects.delete(backupKeys('team', name).claim);
    const plan = await planPrune(store, { ...wish, all: true }, now);
    expect(plan).toMatchObject({ series: [], passedOver: { ofVelero: 6, ofOthers: 0 } });
  });

  it('tells of what the store does not let go of, and goes on with the next', async () => {
    const { s3, store } = await filled();
    const locked = 'nightly-20261125030000';
    s3.fault = ({ method, key }) =>
      method === 'DELETE' && key.includes(locked) ? { status: 403, code: 'AccessDenied' } : undefined;
    const pruned = await prune(store);
    expect(pruned).toMatchObject([{ name: locked, result: 'refused' }, { result: 'deleted' }, { result: 'deleted' }]);
    s3.fault = () => undefined;
    expect(await verifyBackup(store, locked)).toMatchObject({ flaws: [] });
  });
});

it('a backup stays whose snapshots cannot be deleted, and is told', async () => {
  const { store } = await filled();
  const held = 'nightly-20261126030000';
  const pruned = await prune(store, {}, now, [held]);
  expect(pruned).toContainEqual({ name: held, result: 'refused', message: 'it holds snapshots' });
  expect(await verifyBackup(store, held)).toMatchObject({ flaws: [] });
  expect(pruned.filter(({ result }) => result === 'deleted')).toHaveLength(2);
});

describe('a prune that is cut off', () => {
  it('at any call leaves what it keeps whole, nothing half visible, and is completed by the next', async () => {
    const { s3, store } = await filled();
    await recordDrill(store, 'nightly-20261126030000', { holds: true }, now - 3 * day);
    const start = new Map(s3.objects);
    s3.requests.length = 0;
    await prune(store);
    const calls = s3.requests.length;
    const kept = await namesOf(store);
    expect(kept).toHaveLength(4);
    expect(calls).toBeGreaterThan(40);
    expectTold('prune');
    for (let at = 0; at < calls; at += 1) {
      s3.objects.clear();
      for (const [key, body] of start) s3.objects.set(key, body);
      s3.requests.length = 0;
      s3.fault = (_request, index) => (index >= at ? { status: 400, code: 'Died' } : undefined);
      await expect(prune(store), `call ${at}`).rejects.toMatchObject({ code: 'store-failed' });
      s3.fault = () => undefined;
      for (const { name, phase } of await listBackups(store))
        if (phase !== 'Unfinished') expect(await verifyBackup(store, name), `call ${at}`).toMatchObject({ flaws: [] });
      // A claim alone may be a writer's: it is followed only when that must be gone.
      await prune(store, {}, now + 8 * day);
      const left = new Set([...s3.objects.keys()].filter((key) => key.includes('backups/')));
      expect(
        (await listBackups(store)).map(({ name }) => name),
        `call ${at}`,
      ).toEqual(kept);
      for (const name of ['nightly-20261125030000', 'nightly-20261127030000'])
        expect([...left].filter((key) => key.startsWith(backupFolder('team', name)))).toEqual([]);
    }
  }, 600_000);
});
