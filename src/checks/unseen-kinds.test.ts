// What may not be listed in a cluster is unknown: never passed, never failed.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import type { NotListed, Snapshot } from '../model/index.ts';
import { builtInChecks, runChecks } from './index.ts';

const app = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: registry.example.com/web:1, securityContext: {privileged: true}}]
`;

function notListed(group: string, kind: string, resource: string): NotListed {
  return { group, kind, resource, namespace: '' };
}

const policies = notListed('networking.k8s.io', 'NetworkPolicy', 'networkpolicies');
const deployments = notListed('apps', 'Deployment', 'deployments');

function read(text: string, hidden: readonly NotListed[]): Snapshot {
  const snapshot = snapshotOf(text);
  const origin = { kind: 'cluster', unit: 'minikube' } as const;
  const cluster = { context: 'minikube', serverVersion: 'v1.34.0', namespaces: [], notListed: hidden };
  return {
    ...snapshot,
    objects: snapshot.objects.map((object) => ({ ...object, source: { ...object.source, text: -1, origin } })),
    texts: [],
    facts: { ...snapshot.facts, cluster },
  };
}

function judge(check: string, text: string, hidden: readonly NotListed[]) {
  const checks = builtInChecks.filter(({ meta }) => meta.id === check);
  expect(checks).toHaveLength(1);
  const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
  const { outcomes, findings } = runChecks(checks, createInventory(read(text, hidden)), options);
  return { verdict: outcomes[0]?.verdict, findings };
}

describe('a check that rests on a kind nobody could list', () => {
  it('is unknown too where a whole group does not say what it holds', () => {
    const group = { ...notListed('networking.k8s.io', '*', '*'), failed: true } as const;
    expect(judge('ingress-not-isolated', app, [group]).verdict).toBe('unknown');
    expect(judge('ingress-not-isolated', app, [{ ...group, group: 'example.com' }]).verdict).toBe('fail');
  });

  it('neither fails what it would fail', () => {
    expect(judge('ingress-not-isolated', app, []).verdict).toBe('fail');
    const { verdict, findings } = judge('ingress-not-isolated', app, [policies]);
    expect(verdict).toBe('unknown');
    expect(findings).toEqual([
      expect.objectContaining({
        verdict: 'unknown',
        subject: expect.objectContaining({ name: 'web' }),
        message: expect.stringContaining('NetworkPolicy.networking.k8s.io may not be listed'),
      }),
    ]);
  });

  it('nor passes what it would pass, also where the answer was worked out for another check', () => {
    const ids = ['egress-not-isolated', 'ingress-not-isolated'];
    const checks = builtInChecks.filter(({ meta }) => ids.includes(meta.id));
    const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
    const { outcomes } = runChecks(checks, createInventory(read(app, [policies])), options);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  });

  it('is unknown where its own subjects are hidden, and still tells the bad ones it sees', () => {
    expect(
      judge('privileged-container', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', [deployments]).verdict,
    ).toBe('unknown');
    expect(judge('privileged-container', app, [notListed('batch', 'Job', 'jobs')]).verdict).toBe('fail');
  });
});

it('what Kubernetes brings along is not judged, unless its namespace was asked for', () => {
  const system = app.replace('namespace: shop', 'namespace: kube-system');
  expect(judge('privileged-container', system, []).verdict).toBe('not-applicable');
  const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
  const snapshot = read(system, []);
  const cluster = { context: 'minikube', serverVersion: 'v1.34.0', namespaces: ['kube-system'], notListed: [] };
  const asked = createInventory({ ...snapshot, facts: { ...snapshot.facts, cluster } });
  const checks = builtInChecks.filter(({ meta }) => meta.id === 'privileged-container');
  expect(runChecks(checks, asked, options).outcomes[0]?.verdict).toBe('fail');
});

it('other checks are as certain as ever, and findings of a cluster have a path and no file', () => {
  const { verdict, findings } = judge('privileged-container', app, [policies]);
  expect(verdict).toBe('fail');
  expect(findings[0]).toMatchObject({ path: '/spec/template/spec/containers/0/securityContext/privileged' });
  expect(findings[0]).not.toHaveProperty('position');
});
