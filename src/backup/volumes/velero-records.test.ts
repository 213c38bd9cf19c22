import { describe, expect, it } from 'vitest';
import { asObject } from '../../model/index.ts';
import { parseRecord, podVolumeBackup, type SavedFacts } from './velero-records.ts';

const facts: SavedFacts = {
  backup: 'b',
  veleroNamespace: 'velero',
  storageLocation: 'default',
  volume: {
    namespace: 'shop',
    pod: 'db-0',
    podUid: 'u',
    node: 'n',
    name: 'data',
    source: { kind: 'claim', claim: 'data-db-0', claimUid: 'c', volume: 'pv' },
    podSpec: {},
  },
  snapshot: { id: 'a1', bytes: 5, files: 1 },
  suffix: 'x1',
  started: '2026-11-29T01:02:03.004Z',
  completed: '2026-11-29T01:02:05.006Z',
};

describe('records of saved volumes', () => {
  it('are read as they were written', () => {
    expect(parseRecord(podVolumeBackup(facts))).toMatchObject({
      namespace: 'shop',
      pod: 'db-0',
      name: 'data',
      claim: 'data-db-0',
      snapshot: 'a1',
      bytes: 5,
      trouble: undefined,
    });
  });

  it('are found by the label of their backup, also where its name is longer than a label', () => {
    const labelOf = (backup: string): unknown =>
      asObject(asObject(podVolumeBackup({ ...facts, backup })['metadata'])['labels'])['velero.io/backup-name'];
    expect(labelOf('shop')).toBe('shop');
    const long = `shop-${'x'.repeat(100)}`;
    expect(labelOf(long)).toMatch(/^shop-x{52}[0-9a-f]{6}$/);
    expect(labelOf(`${long}y`)).not.toBe(labelOf(long));
  });
});
