// What the checks of live clusters hold to together: files are not asked, and each workload is told once.

import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { ClusterFacts, JsonObject, Snapshot } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { runningChecks } from './index.ts';

const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };

function owner(kind: string, name: string, uid: string): JsonObject {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }] };
}

function deployment(namespace = 'shop'): JsonObject {
  const spec = { replicas: 3, template: { spec: { containers: [{ name: 'web', image: 'web:1' }] } } };
  const metadata = { name: 'web', namespace, uid: 'd1' };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status: { replicas: 3, updatedReplicas: 3 } };
}

function replicaSet(namespace = 'shop', uid = 'd1'): JsonObject {
  const metadata = { name: 'web-1', namespace, uid: 'r1', ...owner('Deployment', 'web', uid) };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { replicas: 3 }, status: { replicas: 3 } };
}

function pod(index: number, namespace = 'shop'): JsonObject {
  const metadata = { name: `web-1-${index}`, namespace, ...owner('ReplicaSet', 'web-1', 'r1') };
  const state = { waiting: { reason: 'ErrImagePull' } };
  const containerStatuses = [{ name: 'web', image: 'web:1', ready: false, restartCount: 0, state }];
  const conditions = [{ type: 'Ready', status: 'False' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { nodeName: 'n1' },
    status: { phase: 'Pending', conditions, containerStatuses },
  };
}

function textOf(objects: readonly JsonObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

function judge(snapshot: Snapshot) {
  return runChecks(runningChecks, createInventory(snapshot), options);
}

function live(objects: readonly JsonObject[], facts: Partial<ClusterFacts> = {}) {
  return judge(clusterOf(textOf(objects), facts)).findings;
}

const all = [deployment(), replicaSet(), pod(1), pod(2), pod(3)];

describe('what runs', () => {
  it('is one finding for a workload, however many pods and sets it has', () => {
    const findings = live(all);
    expect(findings.map(({ check, subject }) => `${check} ${subject.kind}`)).toEqual(['workload-not-ready Deployment']);
    expect(findings[0]?.evidence).toContain('(3 pods)');
  });

  it('is not asked of files, not even of those that have a status', () => {
    const { findings, outcomes } = judge(snapshotOf(textOf(all)));
    expect(findings).toEqual([]);
    expect(new Set(outcomes.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  });

  it('is told of system namespaces only to who asks for them', () => {
    const system = [deployment('kube-system'), replicaSet('kube-system'), pod(1, 'kube-system')];
    expect(live(system)).toEqual([]);
    expect(live(system, { namespaces: ['kube-system'] })).toHaveLength(1);
  });

  it('is wrong without a reason where pods may not be listed', () => {
    const hidden = { group: '', kind: 'Pod', resource: 'pods', namespace: 'shop' };
    const told = live([deployment(), replicaSet()], { notListed: [hidden] }).filter(
      ({ check, subject }) => check === 'workload-not-ready' && subject.kind === 'Deployment',
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toContain('0 of 3 pods ready: why is not known, for its pods may not be listed');
  });

  it('is not known where pods may not be listed and all rests on them', () => {
    const hidden = { group: '', kind: 'Pod', resource: 'pods', namespace: 'shop' };
    const { outcomes } = judge(clusterOf(textOf([deployment(), replicaSet()]), { notListed: [hidden] }));
    const rest = ['container-restarts', 'pod-failed', 'image-tag-moved', 'pods-on-one-node'];
    const verdicts = outcomes.filter(({ check }) => rest.includes(check)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(rest.map(() => 'unknown'));
  });

  it('does not blame a workload for the pods of one before it with the same name', () => {
    const [first] = live([deployment(), replicaSet('shop', 'gone'), pod(1)]);
    expect(first?.message).toContain('its pods have not been made');
  });
});
