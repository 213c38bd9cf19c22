import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, Snapshot } from '../../model/index.ts';
import type { ClusterReader } from '../cluster/cluster-reader.ts';
import { readCluster } from '../cluster/read-cluster.ts';
import { readSaved } from './read-saved.ts';
import { isSavedSnapshot, snapshotLines } from './snapshot-lines.ts';

const configMaps = { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true };

function snapshotOf(objects: readonly JsonObject[]): Promise<Snapshot> {
  const reader: ClusterReader = {
    name: 'prod',
    serverVersion: () => Promise.resolve('v1.34.1'),
    kinds: () => Promise.resolve({ kinds: [configMaps], silent: [] }),
    // eslint-disable-next-line @typescript-eslint/require-await
    async *list() {
      yield objects;
    },
  };
  return readCluster(reader, { namespaces: [], concurrency: 1, keepManagedFields: false, progress: () => undefined });
}

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-saved-'));

function save(text: string): string {
  const file = join(folder, 'prod.snapshot');
  writeFileSync(file, text);
  return file;
}

const named = (name: string): JsonObject => ({ metadata: { name, namespace: 'shop' }, data: { text: 'a\nb — c' } });

describe('a saved snapshot', () => {
  it('is what was read, whatever the objects hold', async () => {
    const json = fc.jsonValue().filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 5 }), async (values) => {
        const objects = values.map((data, index) => ({ metadata: { name: `a${index}` }, data })) as JsonObject[];
        const before = await snapshotOf(objects);
        const after = await readSaved(save([...snapshotLines(before, '2026-01-02')].join('')));
        expect(JSON.parse(JSON.stringify(after.objects))).toEqual(JSON.parse(JSON.stringify(before.objects)));
        expect(after.facts).toMatchObject({ minor: 34, cluster: { ...before.facts.cluster, savedOn: '2026-01-02' } });
      }),
      { numRuns: 30 },
    );
  });

  it('is recognised by its content', async () => {
    const text = [...snapshotLines(await snapshotOf([]), '2026-01-02')].join('');
    expect(await isSavedSnapshot(save(text))).toBe(true);
    expect(await isSavedSnapshot(save('apiVersion: v1\n'))).toBe(false);
    expect(await isSavedSnapshot(join(folder, 'missing'))).toBe(false);
    expect(await isSavedSnapshot(folder)).toBe(false);
  });

  it('is refused where it was cut off anywhere, or changed', async () => {
    const lines = [...snapshotLines(await snapshotOf([named('a'), named('b')]), '2026-01-02')];
    for (let kept = 0; kept < lines.length; kept += 1)
      await expect(readSaved(save(lines.slice(0, kept).join('')))).rejects.toMatchObject({ code: 'invalid-snapshot' });
    await expect(readSaved(save(lines.join('').slice(0, -20)))).rejects.toMatchObject({ code: 'invalid-snapshot' });
    const [head = '', first = '', second = '', last = ''] = lines;
    await expect(readSaved(save(head + first + last))).rejects.toMatchObject({ code: 'invalid-snapshot' });
    await expect(readSaved(save(head + first + second + last + first))).rejects.toMatchObject({
      code: 'invalid-snapshot',
    });
  });
});
