import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { prepareObject, type PrepareContext } from './prepare-object.ts';

function context(rest: Partial<PrepareContext> = {}): PrepareContext {
  return {
    backup: 'b',
    restore: 'r',
    mapNamespace: (name) => (name === 'shop' ? 'copy' : name),
    preserveNodePorts: false,
    storageClasses: new Map([['standard', 'fast']]),
    images: [['old.test/', 'new.test/']],
    hasAccount: (account) => account === 'shop/web',
    newUid: (old) => (old === 'known' ? 'new' : undefined),
    keepsStatus: () => false,
    ...rest,
  };
}

function saved(rest: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: {
      name: 'a',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'a' },
      ...metadata,
    },
    ...rest,
  };
}

function prepared(groupResource: string, object: JsonObject, rest: Partial<PrepareContext> = {}): JsonObject {
  const result = prepareObject(groupResource, object, context(rest));
  if ('skip' in result) throw new Error(`skipped: ${result.skip}`);
  return result.object;
}

function why(groupResource: string, object: JsonObject, rest: Partial<PrepareContext> = {}): string {
  const result = prepareObject(groupResource, object, context(rest));
  return 'skip' in result ? result.skip : 'not skipped';
}

describe('any object', () => {
  it('loses what only the old cluster knew and keeps all else', () => {
    const object = saved(
      { status: { phase: 'x' }, futureField: 1 },
      { finalizers: ['f'], managedFields: [{ manager: 'm' }] },
    );
    expect(prepared('things.example.com', object)).toEqual({
      apiVersion: 'v1',
      kind: 'Thing',
      metadata: {
        name: 'a',
        namespace: 'copy',
        finalizers: ['f'],
        managedFields: [{ manager: 'm' }],
        labels: { app: 'a', 'velero.io/backup-name': 'b', 'velero.io/restore-name': 'r' },
      },
      futureField: 1,
    });
  });

  it('is labelled as Velero labels it, also by a long name', () => {
    const long = 'x'.repeat(64);
    expect(prepared('things', saved({}), { backup: long })).toMatchObject({
      // printf x… | sha256sum begins with 7ce100
      metadata: { labels: { 'velero.io/backup-name': `${'x'.repeat(57)}7ce100` } },
    });
  });

  it('keeps its status where that is wanted', () => {
    const object = saved({ status: { phase: 'x' } });
    expect(prepared('things', object, { keepsStatus: () => true })).toMatchObject({ status: { phase: 'x' } });
  });

  it('keeps owners that came back, under their new identity; adopting controllers take their own', () => {
    const ownerReferences = [
      { kind: 'Widget', name: 'w', uid: 'known' },
      { kind: 'Widget', name: 'lost', uid: 'unknown' },
      { kind: 'ReplicaSet', name: 'rs', uid: 'known', controller: true },
    ];
    expect(prepared('things', saved({}, { ownerReferences }))).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Widget', name: 'w', uid: 'new' }] },
    });
  });
});

describe('a Service', () => {
  const ports = [
    { name: 'web', port: 80, nodePort: 30080 },
    { name: 'admin', port: 81, nodePort: 30081 },
  ];
  const object = saved({ spec: { type: 'NodePort', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports } });

  it('gets another address and other node ports', () => {
    expect(prepared('services', object)['spec']).toEqual({
      type: 'NodePort',
      ports: [
        { name: 'web', port: 80 },
        { name: 'admin', port: 81 },
      ],
    });
  });

  it('keeps node ports that somebody wrote, and all where that is wanted', () => {
    const applied = JSON.stringify({ spec: { ports: [{ name: 'web', port: 80, nodePort: 30080 }] } });
    const annotated = saved(
      { spec: object['spec'] ?? {} },
      { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
    );
    expect(prepared('services', annotated)).toMatchObject({
      spec: { ports: [{ nodePort: 30080 }, { name: 'admin' }] },
    });
    const managedFields = [
      { fieldsV1: { 'f:spec': { 'f:ports': { 'k:{"port":81,"protocol":"TCP"}': { 'f:nodePort': {} } } } } },
    ];
    const managed = saved({ spec: object['spec'] ?? {} }, { managedFields });
    expect(prepared('services', managed)).toMatchObject({ spec: { ports: [{ name: 'web' }, { nodePort: 30081 }] } });
    expect(prepared('services', object, { preserveNodePorts: true })).toMatchObject({ spec: { ports } });
  });

  it('keeps a port for health checks that somebody wrote, and no other', () => {
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31000, ports: [] };
    expect(prepared('services', saved({ spec }))['spec']).not.toHaveProperty('healthCheckNodePort');
    const applied = JSON.stringify({ spec: { healthCheckNodePort: 31000 } });
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied };
    const managedFields = [{ fieldsV1: { 'f:spec': { 'f:healthCheckNodePort': {} } } }];
    for (const written of [{ annotations }, { managedFields }])
      expect(prepared('services', saved({ spec }, written))).toMatchObject({ spec: { healthCheckNodePort: 31000 } });
  });

  it('without an address stays without one', () => {
    const headless = saved({ spec: { clusterIP: 'None', clusterIPs: ['None'] } });
    expect(prepared('services', headless)).toMatchObject({ spec: { clusterIP: 'None' } });
  });
});

describe('a Pod', () => {
  it('may go to any node, without the old token and without containers that wait for a restore', () => {
    const spec = {
      nodeName: 'n',
      priority: 0,
      serviceAccountName: 'web',
      volumes: [{ name: 'web-token-x1' }, { name: 'data' }],
      initContainers: [{ name: 'restore-wait' }, { name: 'prepare', image: 'old.test/i:1' }],
      containers: [{ name: 'c', image: 'old.test/a:1', volumeMounts: [{ name: 'web-token-x1' }, { name: 'data' }] }],
    };
    expect(prepared('pods', saved({ spec }))['spec']).toEqual({
      serviceAccountName: 'web',
      volumes: [{ name: 'data' }],
      initContainers: [{ name: 'prepare', image: 'new.test/i:1' }],
      containers: [{ name: 'c', image: 'new.test/a:1', volumeMounts: [{ name: 'data' }] }],
    });
  });

  it('that had ended, or that a node makes, is left out', () => {
    expect(why('pods', saved({ status: { phase: 'Succeeded' } }))).toContain('ended');
    expect(why('pods', saved({}, { annotations: { 'kubernetes.io/config.mirror': 'x' } }))).toContain('node');
  });
});

describe('addresses behind a Service', () => {
  it('are left out where a controller works them out, and come back where somebody wrote them', () => {
    const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': 'x' };
    expect(why('endpoints', saved({}, { annotations }))).toContain('controller');
    const labels = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };
    expect(why('endpointslices.discovery.k8s.io', saved({}, { labels }))).toContain('controller');
    expect(prepared('endpoints', saved({ subsets: [] }))).toMatchObject({ subsets: [] });
  });
});

describe('what belongs to a Job, an account, a claim, a volume', () => {
  it('is not tied to what is gone', () => {
    const labels = { 'controller-uid': 'u', 'batch.kubernetes.io/controller-uid': 'u', keep: 'x' };
    const job = saved({
      spec: { selector: { matchLabels: { 'controller-uid': 'u' } }, template: { metadata: { labels } } },
    });
    expect(prepared('jobs.batch', job)['spec']).toEqual({ template: { metadata: { labels: { keep: 'x' } } } });
    expect(why('jobs.batch', saved({ status: { completionTime: 'x' } }))).toContain('ended');

    const account = saved({ secrets: [{ name: 'a-token-1' }, { name: 'mine' }] });
    expect(prepared('serviceaccounts', account)).toMatchObject({ secrets: [{ name: 'mine' }] });

    const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', mine: 'x' };
    const claim = saved({ spec: { volumeName: 'pv', storageClassName: 'standard' } }, { annotations });
    expect(prepared('persistentvolumeclaims', claim)).toMatchObject({
      metadata: { annotations: { mine: 'x' } },
      spec: { storageClassName: 'fast' },
    });
    expect(prepared('persistentvolumeclaims', claim)['spec']).not.toHaveProperty('volumeName');
  });

  it('a token of an account that comes back is left out, another loses its token', () => {
    const type = 'kubernetes.io/service-account-token';
    const token = (name: string, account: string): JsonObject =>
      saved(
        { type, data: { token: 'x', 'ca.crt': 'y', namespace: 'z' } },
        {
          name,
          annotations: { 'kubernetes.io/service-account.name': account, 'kubernetes.io/service-account.uid': 'u' },
        },
      );
    expect(why('secrets', token('web-token-abc', 'web'))).toContain('own');
    expect(prepared('secrets', token('mine', 'web'))).not.toHaveProperty('data');
    expect(prepared('secrets', token('mine', 'web'))).toMatchObject({ type });
  });

  it('a volume comes back only where its data were kept, bound to the claim where that goes', () => {
    const spec = (policy: string): JsonObject => ({
      persistentVolumeReclaimPolicy: policy,
      claimRef: { name: 'c', namespace: 'shop', uid: 'u', resourceVersion: '1' },
    });
    expect(why('persistentvolumes', saved({ spec: spec('Delete') }))).toContain('new one');
    expect(prepared('persistentvolumes', saved({ spec: spec('Retain') }))).toMatchObject({
      spec: { claimRef: { name: 'c', namespace: 'copy' } },
    });
    expect(
      why('persistentvolumes', saved({ spec: spec('Retain') }), { hasData: (claim) => claim === 'shop/c' }),
    ).toContain('into a new one');
  });
});

describe('objects of the cluster', () => {
  it('follow their namespace', () => {
    const binding = saved({
      subjects: [
        { kind: 'ServiceAccount', name: 'a', namespace: 'shop' },
        { kind: 'User', name: 'u' },
      ],
    });
    expect(prepared('clusterrolebindings.rbac.authorization.k8s.io', binding)).toMatchObject({
      subjects: [{ namespace: 'copy' }, { kind: 'User', name: 'u' }],
    });
    const namespace = { metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } } };
    expect(prepared('namespaces', namespace)).toMatchObject({
      metadata: { name: 'copy', labels: { 'kubernetes.io/metadata.name': 'copy' } },
    });
  });

  it('are what newer API servers take', () => {
    const hooks = saved({
      webhooks: [
        { name: 'a', sideEffects: 'Some' },
        { name: 'b', sideEffects: 'NoneOnDryRun' },
      ],
    });
    expect(prepared('validatingwebhookconfigurations.admissionregistration.k8s.io', hooks)).toMatchObject({
      webhooks: [{ sideEffects: 'None' }, { sideEffects: 'NoneOnDryRun' }],
    });
    const auto = saved({}, { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } });
    expect(why('apiservices.apiregistration.k8s.io', auto)).toContain('by itself');
    const definition = saved({
      spec: {
        preserveUnknownFields: true,
        versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    expect(prepared('customresourcedefinitions.apiextensions.k8s.io', definition)).toMatchObject({
      spec: {
        preserveUnknownFields: false,
        versions: [{ schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
      },
    });
  });
});
