import { describe, expect, it } from 'vitest';
import { loadSchemas } from '../../kube/schema/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { cleanObject } from './clean-object.ts';
import { assembleExport, type Export, type SourceObject } from './export-objects.ts';

const setting = { schemas: await loadSchemas(), minor: 34 };

function object(type: string, place: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  const named = { name, ...(namespace === '' ? {} : { namespace }), ...metadata };
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata: named, ...rest };
}

async function exported(...sources: readonly (readonly [string, JsonObject])[]): Promise<Export> {
  async function* all(): AsyncGenerator<SourceObject> {
    await Promise.resolve();
    for (const [groupResource, each] of sources) yield { groupResource, object: each };
  }
  return assembleExport(all(), setting);
}

const clean = (each: JsonObject): JsonObject => cleanObject(each, setting);

describe('a cleaned object', () => {
  it('has no trace of the cluster it was in', () => {
    const live = object(
      'apps/v1/Deployment',
      'shop/web',
      {
        spec: {
          replicas: 1,
          template: {
            metadata: {
              creationTimestamp: null,
              labels: { app: 'web' },
              annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' },
            },
            spec: { containers: [{ image: 'a:1', name: 'c', terminationMessagePolicy: 'File' }] },
          },
        },
        status: { replicas: 1 },
      },
      {
        uid: 'u',
        resourceVersion: '1',
        generation: 3,
        managedFields: [],
        finalizers: ['foregroundDeletion'],
        labels: { app: 'web', 'velero.io/backup-name': 'a' },
        annotations: { 'deployment.kubernetes.io/revision': '3', mine: 'yes' },
      },
    );
    expect(clean(live)).toEqual(
      object(
        'apps/v1/Deployment',
        'shop/web',
        {
          spec: {
            template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'a:1' }] } },
          },
        },
        { labels: { app: 'web' }, annotations: { mine: 'yes' } },
      ),
    );
  });

  it('of a Service keeps the node port that somebody wrote', () => {
    const applied = JSON.stringify({ spec: { ports: [{ port: 80, nodePort: 30080 }] } });
    const service = (annotations: JsonObject): JsonObject =>
      object(
        'v1/Service',
        'shop/web',
        {
          spec: {
            type: 'NodePort',
            clusterIP: '10.0.0.1',
            clusterIPs: ['10.0.0.1'],
            ipFamilies: ['IPv4'],
            ipFamilyPolicy: 'SingleStack',
            ports: [{ port: 80, nodePort: 30080, targetPort: 80, protocol: 'TCP' }],
          },
        },
        { annotations },
      );
    const last = { 'kubectl.kubernetes.io/last-applied-configuration': applied };
    expect(clean(service(last))['spec']).toEqual({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    expect(clean(service({}))['spec']).toEqual({ type: 'NodePort', ports: [{ port: 80 }] });
  });

  it('of a claim keeps the volume that somebody bound by hand', () => {
    const claim = (annotations: JsonObject): JsonObject =>
      object('v1/PersistentVolumeClaim', 'shop/data', { spec: { volumeName: 'pv' } }, { annotations });
    expect(clean(claim({}))['spec']).toEqual({ volumeName: 'pv' });
    expect(clean(claim({ 'volume.kubernetes.io/storage-provisioner': 'p' }))).toEqual(
      object('v1/PersistentVolumeClaim', 'shop/data', { spec: {} }),
    );
  });

  it('of a pod has no token and no tolerations of the cluster', () => {
    const pod = object('v1/Pod', 'shop/a', {
      spec: {
        nodeName: 'n',
        serviceAccountName: 'default',
        serviceAccount: 'default',
        volumes: [{ name: 'kube-api-access-x', projected: {} }],
        containers: [{ name: 'c', image: 'a:1', volumeMounts: [{ name: 'kube-api-access-x', mountPath: '/t' }] }],
        tolerations: [
          { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute', operator: 'Exists', tolerationSeconds: 300 },
        ],
      },
    });
    expect(clean(pod)['spec']).toEqual({ containers: [{ name: 'c', image: 'a:1' }] });
  });

  it('of a kind that is nobody’s stays as it is below its metadata', () => {
    const spec = { template: { metadata: { labels: { 'velero.io/x': '1' } } }, replicas: 1, empty: null };
    expect(clean(object('shop.example.com/v1/Widget', 'shop/w', { spec, status: {} }))['spec']).toEqual(spec);
  });
});

describe('an export', () => {
  it('leaves out what controllers and the cluster make, and counts it', async () => {
    const owned = { ownerReferences: [{ kind: 'ReplicaSet', name: 'web', controller: true }] };
    const set = object('apps/v1/StatefulSet', 'shop/db', {
      spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
    });
    const { objects, leftOut } = await exported(
      ['pods', object('v1/Pod', 'shop/web-1', {}, owned)],
      ['configmaps', object('v1/ConfigMap', 'shop/kube-root-ca.crt')],
      ['persistentvolumeclaims', object('v1/PersistentVolumeClaim', 'shop/data-db-0')],
      ['persistentvolumeclaims', object('v1/PersistentVolumeClaim', 'shop/data-other')],
      ['clusterroles.rbac.authorization.k8s.io', object('rbac.authorization.k8s.io/v1/ClusterRole', 'system:node')],
      ['statefulsets.apps', set],
    );
    expect(objects.map(({ file }) => file)).toEqual(['persistentvolumeclaim-data-other.yaml', 'statefulset-db.yaml']);
    expect(leftOut).toEqual({ 'kept by a controller': 1, 'made by the cluster': 2, 'made for a StatefulSet': 1 });
  });

  it('has a folder for each namespace where there are several, and a file of its own for each object', async () => {
    const { objects } = await exported(
      ['configmaps', object('v1/ConfigMap', 'a/x')],
      ['configmaps', object('v1/ConfigMap', 'b/x')],
      ['namespaces', object('v1/Namespace', 'a')],
      ['clusterroles.rbac.authorization.k8s.io', object('rbac.authorization.k8s.io/v1/ClusterRole', 'a:b')],
      ['clusterroles.rbac.authorization.k8s.io', object('rbac.authorization.k8s.io/v1/ClusterRole', 'a/b')],
      ['clusterroles.rbac.authorization.k8s.io', object('rbac.authorization.k8s.io/v1/ClusterRole', '..')],
    );
    const files = objects.map(({ file }) => file);
    expect(new Set(files).size).toBe(6);
    expect(files).toContain('a/configmap-x.yaml');
    expect(files).toContain('cluster/namespace-a.yaml');
    for (const file of files) expect(file).toMatch(/^[a-z0-9-]+\/[a-z]+-[a-z0-9.-]*\.yaml$/);
  });

  it('tells of Secrets their keys, and nothing of those that are the cluster’s or Helm’s', async () => {
    const { objects, secrets } = await exported(
      ['secrets', object('v1/Secret', 'shop/db', { data: { password: 'Z2VoZWlt', user: 'bWU=' }, type: 'Opaque' })],
      ['secrets', object('v1/Secret', 'shop/t', { type: 'kubernetes.io/service-account-token', data: { token: 'x' } })],
      ['secrets', object('v1/Secret', 'shop/h', { type: 'helm.sh/release.v1', data: { release: 'x' } })],
    );
    expect(objects).toEqual([]);
    expect(secrets).toEqual([{ namespace: 'shop', name: 'db', type: 'Opaque', keys: ['password', 'user'] }]);
  });
});
