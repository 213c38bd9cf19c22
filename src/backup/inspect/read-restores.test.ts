import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drillKey, restoreKeys } from '../layout/keys.ts';
import { recordRestore } from '../restore/record-restore.ts';
import type { RestoredItem, RestoreReport } from '../restore/restore-wish.ts';
import { openFolderStore } from '../store/folder-store.ts';
import type { Store } from '../store/store.ts';
import { deleteRestore, describeRestore, listRestores, readRestoreLog } from './read-restores.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-restores-'));
  store = openFolderStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function item(name: string, result: RestoredItem['result'], message?: string): RestoredItem {
  const place = { groupResource: 'configmaps', version: 'v1', kind: 'ConfigMap', namespace: 'shop' };
  return { ...place, name, result, ...(message === undefined ? {} : { message }) };
}

const none = { created: 0, updated: 0, recreated: 0, unchanged: 0, differs: 0, failed: 0, skipped: 0, pruned: 0 };

async function recordOurs(name: string, started: string, items: readonly RestoredItem[]): Promise<void> {
  const report: RestoreReport = {
    name,
    backup: 'shop-1',
    phase: items.some(({ result }) => result === 'failed') ? 'PartiallyFailed' : 'Completed',
    dryRun: false,
    counts: none,
    items,
    volumes: [],
    hooks: [],
    preflight: [],
    warnings: [],
    started,
    completed: started.replace('00Z', '07Z'),
    newUids: new Map(),
  };
  const mappings = new Map([['shop', 'copy']]);
  await recordRestore(store, report, { context: 'prod', server: 'https://c.test', namespaceMappings: mappings });
}

/** As Velero 1.18 leaves them: which backup it was, it says nowhere in plain words. */
async function recordVelero(name: string): Promise<void> {
  const keys = restoreKeys('', name);
  const log = [
    'time="2026-01-02T03:04:05Z" level=info msg="starting restore" restore=velero/theirs',
    'time="2026-01-02T03:04:09Z" level=info msg="restore completed" restore=velero/theirs',
  ];
  await store.put(keys.log, gzipSync(`${log.join('\n')}\n`));
  const results = { errors: { namespaces: { shop: ['no'] } }, warnings: { velero: null, cluster: ['a', 'b'] } };
  await store.put(keys.results, gzipSync(JSON.stringify(results)));
  const list = { 'v1/ConfigMap': ['shop/a(created)', 'shop/b(failed)', 'shop/c(created)'] };
  await store.put(keys.resourceList, gzipSync(JSON.stringify(list)));
}

describe('restores that a store tells of', () => {
  it('are ours and those of Velero, the newest first, and no drills', async () => {
    await recordOurs('old', '2026-01-01T00:00:00Z', [item('a', 'created')]);
    await recordVelero('theirs');
    await recordOurs('new', '2026-01-03T00:00:00Z', [item('a', 'failed', 'refused')]);
    await store.put(drillKey('', 'drill-shop-1'), Buffer.from('{}'));
    expect(await listRestores(store)).toEqual([
      expect.objectContaining({
        name: 'new',
        phase: 'PartiallyFailed',
        backup: 'shop-1',
        errors: 1,
        madeBy: 'nowwhat',
      }),
      {
        name: 'theirs',
        phase: 'PartiallyFailed',
        backup: '',
        started: '2026-01-02T03:04:05Z',
        completed: '2026-01-02T03:04:09Z',
        errors: 1,
        warnings: 2,
        madeBy: 'velero',
        context: '',
      },
      expect.objectContaining({ name: 'old', phase: 'Completed', context: 'prod', errors: 0 }),
    ]);
  });

  it('say what became of the objects, and where they went', async () => {
    await recordOurs('r', '2026-01-01T00:00:00Z', [item('a', 'created'), item('b', 'unchanged'), item('c', 'created')]);
    const { kinds, namespaceMappings, server, completed } = await describeRestore(store, 'r');
    expect(kinds).toEqual([['v1/ConfigMap', { created: 2, skipped: 1 }]]);
    expect({ namespaceMappings, server }).toEqual({ namespaceMappings: { shop: 'copy' }, server: 'https://c.test' });
    expect(completed).toBe('2026-01-01T00:00:07Z');
    await recordVelero('theirs');
    expect((await describeRestore(store, 'theirs')).kinds).toEqual([['v1/ConfigMap', { created: 2, failed: 1 }]]);
    expect(await readRestoreLog(store, 'theirs')).toContain('restore completed');
  });

  it('are read by their other files where our record is broken', async () => {
    await recordOurs('r', '2026-01-01T00:00:00Z', [item('a', 'failed', 'refused')]);
    await store.put(restoreKeys('', 'r').record, Buffer.from('{"schema":"nowwhat.dev/restore-record/v1"'));
    expect(await listRestores(store)).toMatchObject([{ name: 'r', phase: 'PartiallyFailed', madeBy: 'velero' }]);
  });

  it('go whole, and what is left of one that was going can be deleted', async () => {
    await recordOurs('r', '2026-01-01T00:00:00Z', []);
    await recordOurs('stays', '2026-01-01T00:00:00Z', []);
    await store.delete(restoreKeys('', 'r').results);
    expect(await deleteRestore(store, 'r')).toBe(3);
    expect((await listRestores(store)).map(({ name }) => name)).toEqual(['stays']);
    await expect(deleteRestore(store, 'r')).rejects.toThrow('there is no restore "r"');
  });

  it('are not what a drill has left: that proof stays', async () => {
    await store.put(drillKey('', 'drill-shop-1'), Buffer.from('{}'));
    await expect(deleteRestore(store, 'drill-shop-1')).rejects.toThrow('there is no restore');
    expect(await store.size(drillKey('', 'drill-shop-1'))).toBe(2);
  });

  it('are suggested where a name is nearly right', async () => {
    await recordOurs('shop-nightly', '2026-01-01T00:00:00Z', []);
    await expect(describeRestore(store, 'shop-nigthly')).rejects.toMatchObject({
      code: 'store-key-missing',
      advice: expect.stringContaining('Did you mean shop-nightly?'),
    });
  });
});
