import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import type { ClusterFacts } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { minutesSince, tellMinutes } from './seen-at.ts';

function context(heartbeat: string, today = '2026-01-15', facts: Partial<ClusterFacts> = {}): CheckContext {
  const status = { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: heartbeat }] };
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status };
  const inventory = createInventory(clusterOf(JSON.stringify(node), facts));
  return { inventory, options: { minor: 34, today, allowedRegistries: [] } };
}

describe('how long something has lasted', () => {
  it('is told by the latest moment that the cluster speaks of', () => {
    expect(minutesSince(context('2026-01-15T12:00:00Z'), '2026-01-15T11:20:00Z')).toBe(40);
  });

  it('is told by the day where the cluster says less', () => {
    expect(minutesSince(context('2026-01-01T12:00:00Z'), '2026-01-14T23:00:00Z')).toBe(60);
  });

  it('is told by the day on which a snapshot was saved, not by that on which it is read', () => {
    const saved = context('2026-01-10T12:00:00Z', '2026-01-15', { savedOn: '2026-01-10' });
    expect(minutesSince(saved, '2026-01-10T11:55:00Z')).toBe(5);
  });

  it('is nothing where the moment is not known, or is still to come', () => {
    const now = context('2026-01-15T12:00:00Z');
    for (const moment of [undefined, '', 'soon', 7, '2026-01-15T12:30:00Z']) expect(minutesSince(now, moment)).toBe(0);
  });

  it('is never longer than it was', () => {
    const minute = fc.integer({ min: 0, max: 1_000_000 });
    const start = Date.parse('2026-01-15T00:00:00Z');
    const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();
    fc.assert(
      fc.property(minute, minute, minute, (begin, heard, later) => {
        // The clock of the reader is at or after what the cluster last said.
        const now = heard + later;
        expect(minutesSince(context(at(heard)), at(begin))).toBeLessThanOrEqual(Math.max(0, now - begin));
      }),
    );
  });

  it('is told in words', () => {
    expect([1, 90, 125, 1500, 2880].map(tellMinutes)).toEqual([
      '1 minute',
      '90 minutes',
      '2 hours',
      '25 hours',
      '2 days',
    ]);
  });
});
