import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import { rightsToApply } from './grant.ts';
import { findObstacle, ownerOfRefusal, readRefusal } from './read-refusal.ts';
import { planRehearsal } from './rehearsal.ts';

function trialsOf(text: string, namespace?: string) {
  return planRehearsal(snapshotOf(text).objects, namespace);
}

function rawsOf(text: string, namespace?: string) {
  return trialsOf(text, namespace).map(({ raw }) => JSON.parse(JSON.stringify(raw)));
}

describe('what is sent', () => {
  it('has nothing of what its cluster wrote', () => {
    const text = `
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  uid: 1-2
  resourceVersion: "5"
  creationTimestamp: "2026-01-01T00:00:00Z"
  ownerReferences: [{kind: X, name: x, uid: y, apiVersion: v1}]
  managedFields: []
  labels: {app: web}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", team: shop}
spec: {clusterIP: 10.0.0.7, clusterIPs: [10.0.0.7], ports: [{port: 80, nodePort: 30080}], unknownField: 1}
status: {loadBalancer: {}}
`;
    expect(rawsOf(text)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' }, annotations: { team: 'shop' } },
        spec: { ports: [{ port: 80, nodePort: 30080 }], unknownField: 1 },
      },
    ]);
  });

  it('keeps what the author chose', () => {
    expect(rawsOf('{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None}}')[0]).toMatchObject({
      spec: { clusterIP: 'None' },
    });
  });

  it('has no value of a Secret, and the keys of all', () => {
    const text = `
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {one: aHVudGVyMg==}
stringData: {two: hunter2}
---
apiVersion: v1
kind: Secret
metadata: {name: b}
type: kubernetes.io/dockerconfigjson
data: {.dockerconfigjson: aHVudGVyMg==}
`;
    const sent = rawsOf(text);
    expect(JSON.stringify(sent)).not.toMatch(/hunter2|aHVudGVyMg/);
    expect(sent.map(({ data }) => data)).toEqual([
      { one: 'cGxhY2Vob2xkZXI=', two: 'cGxhY2Vob2xkZXI=' },
      { '.dockerconfigjson': 'e30=' },
    ]);
  });

  it('goes into the namespace that stands in; what has none stays without', () => {
    const text = `
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: b}
`;
    expect(rawsOf(text, 'trial').map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['ClusterRole', undefined],
      ['ConfigMap', 'trial'],
    ]);
  });

  it('is in the order in which objects refer to each other', () => {
    const of = (kind: string) => `{apiVersion: v1, kind: ${kind}, metadata: {name: a}}\n---\n`;
    const kinds = ['Ingress', 'Service', 'ServiceAccount', 'Namespace', 'CustomResourceDefinition'];
    expect(trialsOf(kinds.map(of).join('')).map(({ object }) => object.kind)).toEqual(kinds.toReversed());
  });
});

describe('the pods of a workload', () => {
  const workload = (kind: string, spec: string) =>
    `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: web, namespace: shop}, spec: ${spec}}\n`;

  it('are sent too: admission looks at pods, not at templates', () => {
    const text = workload(
      'Deployment',
      '{template: {metadata: {labels: {app: web}, annotations: {a: b}}, spec: {containers: [{name: a, image: b}]}}}',
    );
    expect(trialsOf(text).map(({ isPod }) => isPod)).toEqual([false, true]);
    expect(rawsOf(text)[1]).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-rehearsal', namespace: 'shop', labels: { app: 'web' }, annotations: { a: 'b' } },
      spec: { containers: [{ name: 'a', image: 'b' }] },
    });
  });

  it('of a StatefulSet have its claims', () => {
    const text = workload(
      'StatefulSet',
      '{volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {volumes: [{name: tmp, emptyDir: {}}], containers: []}}}',
    );
    expect(rawsOf(text)[1].spec.volumes).toEqual([
      { name: 'tmp', emptyDir: {} },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    ]);
  });

  it('do not name what the app brings along: a dry run of it stores nothing that could be found', () => {
    const spec = '{template: {spec: {serviceAccountName: SA, priorityClassName: PC, containers: []}}}';
    const own = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: SA, namespace: shop}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: PC}
---
`;
    expect(rawsOf(own + workload('Deployment', spec)).at(-1)).toMatchObject({ spec: { containers: [] } });
    expect(rawsOf(own + workload('Deployment', spec)).at(-1).spec).toEqual({ containers: [] });
    const elsewhere = own.replace('shop', 'other');
    expect(rawsOf(elsewhere + workload('Deployment', spec)).at(-1).spec).toEqual({
      serviceAccountName: 'SA',
      containers: [],
    });
  });
});

describe('a refusal', () => {
  const facts = { status: 403, isRbac: false, isServedOtherwise: false };

  it.each([
    ['pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged', 'pod-security', 'developer'],
    ['pods "a" is forbidden: exceeded quota: q, requested: pods=1', 'quota', 'cluster-administrator'],
    ['pods "a" is forbidden: failed quota: q: must specify limits.cpu', 'quota', 'cluster-administrator'],
    ['pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 2', 'limit-range', 'developer'],
    ['admission webhook "x.y" denied the request: no', 'admission', 'developer'],
    ["ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", 'admission', 'developer'],
    ['namespaces "shop" not found', 'namespace-missing', 'cluster-administrator'],
    ['pods "a" is forbidden: error looking up service account shop/x', 'admission', 'developer'],
  ] as const)('%s', (message, kind, owner) => {
    expect(readRefusal({ ...facts, message })).toBe(kind);
    expect(ownerOfRefusal[kind]).toBe(owner);
  });

  it('of no object is told from a refusal of the user, of the kind and of its version', () => {
    const message = 'x';
    expect(readRefusal({ ...facts, message, isRbac: true })).toBe('not-permitted');
    expect(readRefusal({ ...facts, message, status: 0 })).toBe('kind-missing');
    expect(readRefusal({ ...facts, message, status: 0, isServedOtherwise: true })).toBe('version-missing');
    expect(readRefusal({ ...facts, message, status: 422 })).toBe('invalid');
    expect(readRefusal({ ...facts, message, status: 500 })).toBe('failed');
  });

  it('that comes from the dry run itself says nothing of the object', () => {
    const none = { definesKind: false, createsNamespace: false };
    const webhook = 'admission webhook "x" does not support dry run';
    expect(findObstacle('admission', webhook, none)).toBe('webhook-without-dry-run');
    expect(findObstacle('kind-missing', 'x', { ...none, definesKind: true })).toBe('definition-in-app');
    expect(findObstacle('namespace-missing', 'x', { ...none, createsNamespace: true })).toBe('namespace-in-app');
    expect(findObstacle('kind-missing', 'x', none)).toBeUndefined();
    expect(findObstacle('namespace-missing', 'x', none)).toBeUndefined();
    expect(findObstacle('quota', 'x', { definesKind: true, createsNamespace: true })).toBeUndefined();
  });
});

describe('the roles that would permit it', () => {
  it('create what is patched, by namespace, and nothing else', () => {
    const rule = { verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments'], namespace: 'shop' };
    const rules = [
      rule,
      { ...rule, apiGroups: [''], resources: ['pods'], verbs: ['create'] },
      { verbs: ['patch'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'] },
      rule,
    ];
    expect(rightsToApply(rules)).toBe(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deploy-app
rules:
  - apiGroups: ['rbac.authorization.k8s.io']
    resources: [clusterroles]
    verbs: [create, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deploy-app
  namespace: shop
rules:
  - apiGroups: ['']
    resources: [pods]
    verbs: [create]
  - apiGroups: ['apps']
    resources: [deployments]
    verbs: [create, patch]
`);
    expect(rightsToApply([])).toBe('');
  });
});
