// `facts` reads a saved snapshot as it reads a cluster, and files say nothing of a cluster.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../src/model/index.ts';
import { snapshotLines } from '../../src/sources/index.ts';
import { clusterOf, node, program } from '../kubernetes/cluster-snapshot.ts';
import { nowwhat, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-facts-'));
const text =
  node({ labels: { 'minikube.k8s.io/name': 'minikube' } }) +
  program('kindest/kindnetd:v20230511-dc714da8', { name: 'kindnet' });
const beside = {
  objects: [],
  whole: [],
  unread: [],
  kubelets: [{ node: 'n1', config: { authentication: { anonymous: { enabled: false } } } }],
};

function save(name: string, objects: string, facts: Partial<ClusterFacts> = {}): string {
  const path = join(folder, `${name}.snapshot`);
  writeFileSync(path, [...snapshotLines(clusterOf(objects, { context: name, ...facts }), '2026-01-15')].join(''));
  return path;
}

const file = save('minikube', text, { beside });
const eks = node({ providerId: 'aws:///eu-west-1a/i-0', labels: { 'eks.amazonaws.com/nodegroup': 'main' } });
const openKubelet = {
  ...beside,
  kubelets: [{ node: 'n1', config: { authentication: { anonymous: { enabled: true } } } }],
};

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

  it('keep their published schema, whatever was seen', () => {
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/facts-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    for (const saved of [file, save('nothing', ''), save('eks', eks, { beside: openKubelet })]) {
      validate(JSON.parse(nowwhat(['facts', saved, '-o', 'json']).out));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ schema: 'nowwhat.dev/facts/v1' })).toBe(false);
  });

  it('make the provider of a managed service answer for its part, without being asked to', () => {
    const args = [
      'check',
      save('eks', eks, { beside: openKubelet }),
      '-o',
      'json',
      '--check',
      'kubelet-anonymous-auth',
    ];
    const told = (...more: readonly string[]) => JSON.parse(nowwhat([...args, ...more]).out).findings;
    expect(told()).toEqual([
      expect.objectContaining({
        verdict: 'unknown',
        seen: true,
        owner: 'provider',
        message: expect.stringMatching(/^ask the provider/),
        evidence: 'authentication.anonymous.enabled is true on n1',
      }),
    ]);
    const note = nowwhat(['request', '--role', 'provider', save('eks', eks, { beside: openKubelet })]).out;
    expect(note).toContain('(`kubelet-anonymous-auth`)\n  - seen: authentication.anonymous.enabled is true on n1');
    expect(told('--target', 'self-managed')[0]).toMatchObject({ verdict: 'fail', owner: 'cluster-administrator' });
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
