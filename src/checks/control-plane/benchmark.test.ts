// What results of kube-bench settle: only controls known by their words, never by their number alone.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { BenchEvidence, BenchResult } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { controls } from './benchmark.ts';
import { controlPlaneChecks } from './index.ts';

const nothing = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
const apiServer = `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver, namespace: kube-system}
spec: {containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.34.0", command: [kube-apiserver, --profiling=false]}]}
`;

function result(id: string, text: string, status: BenchResult['status'], nodeType = 'master'): BenchResult {
  return { id, text, status, nodeType };
}

function judge(check: string, results: readonly BenchResult[], input = nothing) {
  const evidence: BenchEvidence = {
    about: 'cluster',
    tool: 'kube-bench',
    file: 'bench.json',
    benchmark: 'cis-1.10',
    results,
  };
  const checks = controlPlaneChecks.filter(({ meta }) => meta.id === check);
  const inventory = createInventory({ ...snapshotOf(input), evidence: [evidence] });
  const { outcomes, findings } = runChecks(checks, inventory, {
    minor: 34,
    today: '2026-01-15',
    allowedRegistries: [],
  });
  return { verdict: outcomes[0]?.verdict, findings };
}

const profiling = 'Ensure that the --profiling argument is set to false (Automated)';

describe('results of kube-bench', () => {
  it('settle a check whose control has the same words in the same section, whatever its number', () => {
    expect(judge('apiserver-profiling', [result('1.2.15', profiling, 'PASS')]).verdict).toBe('pass');
    expect(judge('apiserver-profiling', [result('1.2.21', profiling, 'PASS')]).verdict).toBe('pass');
    const failed = judge('apiserver-profiling', [result('1.2.15', profiling, 'FAIL')]);
    expect(failed.verdict).toBe('fail');
    expect(failed.findings[0]?.evidence).toBe('kube-bench 1.2.15 (cis-1.10) on master: FAIL, bench.json');
    expect(failed.findings[0]?.message).toMatch(/^kube-apiserver /);
  });

  it('do not settle the same number with other words, or the same words of another program', () => {
    const iptables = 'Ensure that the --make-iptables-util-chains argument is set to true (Automated)';
    expect(judge('kubelet-kernel-defaults', [result('4.2.6', iptables, 'PASS', 'node')]).verdict).toBe('unknown');
    const protect = 'Ensure that the --protect-kernel-defaults argument is set to true (Automated)';
    expect(judge('kubelet-kernel-defaults', [result('4.2.6', protect, 'PASS', 'node')]).verdict).toBe('pass');
    expect(judge('apiserver-profiling', [result('1.3.2', profiling, 'PASS')]).verdict).toBe('unknown');
    const denied = 'Ensure that the DenyServiceExternalIPs is not set (Automated)';
    expect(judge('apiserver-external-ips-admission', [result('1.2.3', denied, 'PASS')]).verdict).toBe('unknown');
  });

  it("tell etcd's own certificate from that of its peers", () => {
    const peer = 'Ensure that the --peer-cert-file and --peer-key-file arguments are set as appropriate (Automated)';
    expect(judge('etcd-serving-certificate', [result('2.4', peer, 'PASS', 'etcd')]).verdict).toBe('unknown');
    expect(judge('etcd-peer-certificate', [result('2.4', peer, 'PASS', 'etcd')]).verdict).toBe('pass');
  });

  it('leave unknown what a person must look at, and say so', () => {
    const { verdict, findings } = judge('apiserver-profiling', [result('1.2.15', profiling, 'WARN')]);
    expect(verdict).toBe('unknown');
    expect(findings[0]?.evidence).toContain('1.2.15 (cis-1.10) on master: WARN, bench.json; would be settled by');
    expect(judge('apiserver-profiling', [result('1.2.15', profiling, 'INFO')]).verdict).toBe('unknown');
  });

  it('fail where one node of several failed', () => {
    const results = [result('1.2.15', profiling, 'PASS'), result('1.2.15', profiling, 'FAIL')];
    expect(judge('apiserver-profiling', results).verdict).toBe('fail');
  });

  it('give way to what the input itself shows', () => {
    expect(judge('apiserver-profiling', [result('1.2.15', profiling, 'FAIL')], apiServer).verdict).toBe('pass');
  });

  it('are known for every check that kube-bench is said to settle, and for no other', () => {
    const said = controlPlaneChecks.filter(({ meta }) => meta.settledBy?.includes('kube-bench') === true);
    expect(Object.keys(controls).sort()).toEqual(said.map(({ meta }) => meta.id).sort());
  });
});
