// The same app in two places, with saved snapshots in place of clusters.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nowwhat } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-compare-'));
const schema = 'nowwhat.dev/snapshot/v1';

function save(name: string, version: string, objects: readonly object[]): string {
  const file = join(folder, `${name}.snapshot`);
  const cluster = { context: name, serverVersion: `v${version}.1`, namespaces: [], notListed: [] };
  const head = { schema, savedOn: '2026-01-02', minor: Number(version.split('.')[1]), cluster, unreadable: [] };
  const lines = [head, ...objects, { end: schema, objects: objects.length }];
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return file;
}

const namespace = (level: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': level } },
});
const storageClass = (name: string): object => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'example.com/disk',
});
const app = [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName: 'standard', accessModes: ['ReadWriteOnce'] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
      },
    },
  },
];
const generated = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kube-root-ca.crt', namespace: 'shop' },
};

const minikube = save('minikube', '1.34', [namespace('privileged'), storageClass('standard'), generated, ...app]);
const alike = save('alike', '1.34', [namespace('privileged'), storageClass('standard')]);
const prod = save('prod', '1.33', [namespace('restricted'), storageClass('gp3')]);

describe('compare', () => {
  it('says what the places are and what has to be done', () => {
    const { status, out } = nowwhat(['compare', '--from', minikube, '--to', prod, '-o', 'json']);
    expect(status).toBe(1);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      schema: 'nowwhat.dev/compare/v1',
      from: 'minikube',
      to: 'prod',
      objects: 2,
      namespaces: ['shop'],
    });
    const rows = Object.fromEntries(
      answer.rows.map(({ what, from, to }: Record<string, string>) => [what, [from, to]]),
    );
    expect(rows).toMatchObject({
      Kubernetes: ['v1.34.1', 'v1.33.1'],
      'Storage classes': ['standard', 'gp3'],
      'Namespace shop': ['admits privileged pods', 'admits restricted pods'],
    });
    const steps = answer.steps.map(
      ({ check, subject }: { check: string; subject: { name: string } }) => `${check} ${subject.name}`,
    );
    expect(steps).toContain('pod-security-rejected web');
    expect(steps).toContain('class-missing data');
    expect(steps).not.toContain('single-replica web');
  });

  it('finds nothing to do where the places are alike', () => {
    const { status, out } = nowwhat(['compare', '--from', minikube, '--to', alike]);
    expect(out).toContain('Nothing that is seen stands in the way.');
    expect(status).toBe(0);
  });

  it('takes files as the place where the app is written', () => {
    const { status, out } = nowwhat(['compare', '--from', 'examples/shop/kustomize', '--to', prod]);
    expect(status).toBe(1);
    expect(out).toContain('not told by files');
    expect(out).toContain('pod-security-rejected');
  });

  it('needs both places', () => {
    expect(nowwhat(['compare', '--from', minikube]).status).toBe(2);
  });
});
