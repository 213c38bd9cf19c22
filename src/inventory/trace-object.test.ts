import { expect, it } from 'vitest';
import { snapshotOf } from './snapshot-builder.ts';
import { traceObject } from './trace-object.ts';

function traced(metadata: object): string | undefined {
  const [object] = snapshotOf(
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...metadata } }),
  ).objects;
  return object && traceObject(object);
}

it.each([
  [
    { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true }] },
    'Deployment web',
  ],
  [
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } },
    'the Flux Kustomization flux-system/apps',
  ],
  [{ labels: { 'helm.toolkit.fluxcd.io/name': 'shop' } }, 'the Flux HelmRelease shop'],
  [{ annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/a' } }, 'the Argo CD Application shop'],
  [
    { annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' } },
    'the Helm release shop/web',
  ],
  [
    { annotations: { 'config.kubernetes.io/origin': 'path: base/web.yaml\nrepo: https://git.example/shop\n' } },
    'base/web.yaml of a kustomization in https://git.example/shop',
  ],
  [{ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }, 'kubectl apply'],
  [
    {
      managedFields: [
        { manager: 'kubectl-edit', time: '2026-02-01T00:00:00Z' },
        { manager: 'kubectl-create', time: '2026-01-01T00:00:00Z' },
        { manager: 'kubelet', time: '2025-01-01T00:00:00Z', subresource: 'status' },
      ],
    },
    'kubectl-create on 2026-01-01',
  ],
  [{}, undefined],
])('%j comes from %s', (metadata, source) => {
  expect(traced(metadata)).toBe(source);
});

it('a controller stands before what the object got from its template', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', controller: true };
  expect(traced({ ownerReferences: [owner], annotations: { 'meta.helm.sh/release-name': 'web' } })).toBe(
    'ReplicaSet web-1',
  );
});
