// `facts` reads a saved snapshot as it reads a cluster, and files say nothing of a cluster.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshotLines } from '../../src/sources/index.ts';
import { clusterOf, node, program } from '../kubernetes/cluster-snapshot.ts';
import { nowwhat } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-facts-'));
const file = join(folder, 'prod.snapshot');
const text =
  node({ labels: { 'minikube.k8s.io/name': 'minikube' } }) +
  program('kindest/kindnetd:v20230511-dc714da8', { name: 'kindnet' });
const beside = {
  objects: [],
  whole: [],
  unread: [],
  kubelets: [{ node: 'n1', config: { authentication: { anonymous: { enabled: false } } } }],
};
writeFileSync(file, [...snapshotLines(clusterOf(text, { context: 'minikube', beside }), '2026-01-15')].join(''));

describe('nowwhat facts', () => {
  it('shows what a saved cluster is made of, what kubelets said included', () => {
    const { status, out, err } = nowwhat(['facts', file, '--width', '100']);
    expect(status, err).toBe(0);
    expect(out).toMatch(/minikube, saved on 2026-01-15/);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      /Minikube, Kubernetes 1\.34\.2 \([^)]*2026-10-27\), 1 node, kindnet: policies not enforced/,
    );
    expect(out).toMatch(/Kubelets +1 kubelet: authentication\.anonymous\.enabled false/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('gives them to scripts', () => {
    const answer = JSON.parse(nowwhat(['facts', file, '-o', 'json']).out);
    expect(answer).toMatchObject({
      schema: 'nowwhat.dev/facts/v1',
      context: 'minikube',
      savedOn: '2026-01-15',
      provider: { name: 'Minikube', managed: false },
      network: { enforcesPolicies: false },
      mesh: { found: [], complete: true },
    });
  });

  it('stands at the head of the journey in one line, and not in the way of a report for scripts', () => {
    expect(nowwhat(['journey', file, '--width', '110']).out).toContain('1 node, kindnet: policies not enforced');
    const report = JSON.parse(nowwhat(['check', file, '-o', 'json']).out);
    expect(report.source.headline).toContain('Minikube, Kubernetes 1.34.2');
    expect(report.source.cluster).not.toHaveProperty('beside');
    const anonymous = report.legs[0].checks['kubelet-anonymous-auth'];
    expect(anonymous.verdict).toBe('pass');
  });

  it('needs a cluster', () => {
    const { status, err } = nowwhat(['facts', 'examples/shop/k8s']);
    expect(status).toBe(2);
    expect(err).toContain('files say nothing of a cluster');
  });
});
