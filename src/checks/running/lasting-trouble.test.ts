import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { hasLastingTrouble } from './lasting-trouble.ts';

/** A pod that runs and is not ready, in a cluster whose last word is from 12:00. */
function lasts(notReadySince: string, startedAt: string, last: JsonObject = {}): boolean {
  const container = { name: 'web', ready: false, restartCount: 0, state: { running: { startedAt } }, ...last };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2026-01-15T11:00:00Z' },
    spec: { containers: [{ name: 'web' }] },
    status: {
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: notReadySince }],
      containerStatuses: [container],
    },
  };
  const alive = { type: 'Ready', status: 'True', lastHeartbeatTime: '2026-01-15T12:00:00Z' };
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { conditions: [alive] } };
  const inventory = createInventory(clusterOf([pod, node].map((each) => JSON.stringify(each)).join('\n---\n')));
  const [object] = inventory.ofKind('/Pod');
  if (object === undefined) throw new Error('no pod was read');
  return hasLastingTrouble(object, { inventory, options: { minor: 34, today: '2026-01-15', allowedRegistries: [] } });
}

describe('a pod that is not ready', () => {
  it('may only be starting', () => {
    expect(lasts('2026-01-15T11:58:00Z', '2026-01-15T11:58:03Z')).toBe(false);
  });

  it('has had its time after ten minutes', () => {
    expect(lasts('2026-01-15T11:50:00Z', '2026-01-15T11:50:03Z')).toBe(true);
  });

  it('has something wrong where it was ready before', () => {
    expect(lasts('2026-01-15T11:58:00Z', '2026-01-15T11:30:00Z')).toBe(true);
  });

  it('has something wrong where its program ends again and again', () => {
    const waiting = { state: { waiting: { reason: 'CrashLoopBackOff' } } };
    expect(lasts('2026-01-15T11:59:00Z', '', waiting)).toBe(true);
  });
});
