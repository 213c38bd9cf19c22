// What a live cluster settles that files leave open: static pods, and kubelets that tell their configuration.

import { describe, expect, it } from 'vitest';
import { clusterOf, document, node } from '../../../test/kubernetes/cluster-snapshot.ts';
import { createInventory } from '../../inventory/index.ts';
import type { ClusterFacts, JsonObject } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runChecks } from '../run-checks.ts';
import { apiserverAuditLog } from './apiserver-audit-log.ts';
import { apiserverProfiling } from './apiserver-profiling.ts';
import { kubeletAnonymousAuth } from './kubelet-anonymous-auth.ts';
import { kubeletPodPidLimit } from './kubelet-pod-pid-limit.ts';
import { kubeletReadOnlyPort } from './kubelet-read-only-port.ts';

function judge(check: Check, text: string, facts: Partial<ClusterFacts> = {}) {
  const inventory = createInventory(clusterOf(text, facts));
  const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };
  const { outcomes, findings } = runChecks([check], inventory, options);
  return { verdict: outcomes[0]?.verdict, findings };
}

const mirrorPod = (...command: readonly string[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'kube-apiserver-n1',
    namespace: 'kube-system',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', controller: true, uid: 'u' }],
  },
  spec: { containers: [{ name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.34.0', command }] },
});
const nodes = node() + node({ name: 'n2' });

describe('the static pods of a control plane', () => {
  it('are judged by their flags, although they belong to a node and to kube-system', () => {
    const { verdict, findings } = judge(apiserverProfiling, nodes + document(mirrorPod('kube-apiserver', '--v=2')));
    expect(verdict).toBe('fail');
    expect(findings[0]).toMatchObject({
      subject: { kind: 'App' },
      evidence: '--profiling is not set in pod kube-system/kube-apiserver-n1',
    });
    const good = document(mirrorPod('kube-apiserver', '--profiling=false'));
    expect(judge(apiserverProfiling, nodes + good).verdict).toBe('pass');
    expect(judge(apiserverAuditLog, nodes + good).verdict).toBe('fail');
  });

  it('are judged where only another namespace was read and they were read beside', () => {
    const beside = { objects: [mirrorPod('kube-apiserver')], whole: [], unread: [], kubelets: [] };
    expect(judge(apiserverProfiling, nodes, { namespaces: ['shop'], beside }).verdict).toBe('fail');
  });

  it('leave it open where there are none: a managed service shows none', () => {
    expect(judge(apiserverProfiling, nodes).verdict).toBe('unknown');
  });
});

const kubelets = (...configs: readonly (JsonObject | undefined)[]): Partial<ClusterFacts> => ({
  beside: {
    objects: [],
    whole: [],
    unread: [],
    kubelets: configs.map((config, index) => ({
      node: `n${index + 1}`,
      ...(config === undefined ? { unread: 'forbidden' } : { config }),
    })),
  },
});
const closed = { authentication: { anonymous: { enabled: false } }, podPidsLimit: -1 };
const open = { authentication: { anonymous: { enabled: true } }, readOnlyPort: 10255 };

describe('what kubelets say of themselves', () => {
  it('fails with the nodes that say it', () => {
    const { verdict, findings } = judge(kubeletAnonymousAuth, nodes, kubelets(closed, open));
    expect(verdict).toBe('fail');
    expect(findings.map(({ evidence }) => evidence)).toEqual(['authentication.anonymous.enabled is true on n2']);
  });

  it('passes only where every kubelet was asked', () => {
    expect(judge(kubeletAnonymousAuth, nodes, kubelets(closed, closed)).verdict).toBe('pass');
    expect(judge(kubeletAnonymousAuth, nodes, kubelets(closed)).verdict).toBe('unknown');
    expect(judge(kubeletAnonymousAuth, nodes, kubelets(closed, undefined)).verdict).toBe('unknown');
    expect(judge(kubeletAnonymousAuth, nodes).verdict).toBe('unknown');
  });

  it('leaves out what is off: a port that is not told is closed', () => {
    expect(judge(kubeletReadOnlyPort, nodes, kubelets(closed, closed)).verdict).toBe('pass');
    expect(judge(kubeletReadOnlyPort, nodes, kubelets(closed, open)).verdict).toBe('fail');
    expect(judge(kubeletPodPidLimit, nodes, kubelets(closed, closed)).findings[0]?.evidence).toBe(
      'podPidsLimit is -1 on n1, n2',
    );
  });

  it('does not ask nodes that are no machines', () => {
    const virtual = node({ name: 'k1', annotations: { 'kwok.x-k8s.io/node': 'fake' } });
    expect(judge(kubeletAnonymousAuth, node() + virtual, kubelets(closed)).verdict).toBe('pass');
  });
});
