import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../model/index.ts';
import { ownObjects } from './own-objects.ts';
import { snapshotOf } from './snapshot-builder.ts';

const snapshot = snapshotOf(`
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-shop}, spec: {claimRef: {namespace: shop, name: data}}}
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-blog}, spec: {claimRef: {namespace: blog, name: data}}}
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv-free}, spec: {}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: of-shop}
subjects: [{kind: ServiceAccount, namespace: shop, name: a}, {kind: ServiceAccount, namespace: blog, name: a}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: of-blog}
subjects: [{kind: ServiceAccount, namespace: blog, name: a}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: of-users}
subjects: [{kind: ServiceAccount, namespace: blog, name: a}, {kind: Group, name: developers}]
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: kept, namespace: kube-system}}
`);

function own(...namespaces: string[]): string[] {
  const cluster: ClusterFacts = { context: 'prod', serverVersion: 'v1.34.0', namespaces, notListed: [] };
  const isOwn = ownObjects({ ...snapshot, facts: { ...snapshot.facts, cluster } });
  return snapshot.objects.filter(isOwn).map(({ name }) => name);
}

describe('objects of a cluster that an app answers for', () => {
  it('are those that serve a namespace that was asked for, or all namespaces', () => {
    expect(own('shop')).toEqual(['pv-shop', 'pv-free', 'of-shop', 'of-users']);
    expect(own('blog', 'kube-system')).toEqual(['pv-blog', 'pv-free', 'of-shop', 'of-blog', 'of-users', 'kept']);
  });

  it('are all but those of the system where nobody asked for a namespace', () => {
    expect(own()).toEqual(['pv-shop', 'pv-blog', 'pv-free', 'of-shop', 'of-blog', 'of-users']);
  });
});
