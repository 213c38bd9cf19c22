// What the server tells of itself.

import { expect, it } from 'vitest';
import { contract, type Loose } from './api-under-test.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

contract('discovery', (api) => {
  const groupsAt = async (path: string): Promise<Loose[]> => {
    const reply = await api.ask(path, { headers: { accept: aggregated } });
    expect(reply.headers['content-type']).toContain('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(reply.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    return reply.body['items'];
  };

  const resourceIn = (group: Loose | undefined, version: string, name: string): Loose | undefined =>
    group?.['versions']
      .find((each: Loose) => each['version'] === version)
      .resources.find((each: Loose) => each['resource'] === name);

  it('gives all of a root in one answer to those who accept it', async () => {
    const [core] = await groupsAt('/api');
    expect(resourceIn(core, 'v1', 'pods')).toMatchObject({
      responseKind: { kind: 'Pod' },
      scope: 'Namespaced',
      singularResource: 'pod',
      shortNames: ['po'],
      categories: ['all'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    });
    expect(resourceIn(core, 'v1', 'namespaces')).toMatchObject({ scope: 'Cluster', shortNames: ['ns'] });
    const subresources = resourceIn(core, 'v1', 'pods')?.['subresources'];
    const eviction = subresources.find((each: Loose) => each['subresource'] === 'eviction');
    expect(eviction).toEqual({
      subresource: 'eviction',
      responseKind: { group: 'policy', version: 'v1', kind: 'Eviction' },
      verbs: ['create'],
    });
    const groups = await groupsAt('/apis');
    const apps = groups.find((each) => each['metadata'].name === 'apps');
    expect(resourceIn(apps, 'v1', 'deployments')).toMatchObject({
      singularResource: 'deployment',
      shortNames: ['deploy'],
    });
    const scaling = groups.find((each) => each['metadata'].name === 'autoscaling');
    expect(scaling?.['versions'][0].version).toBe('v2');
  });

  it('gives the older documents to all others', async () => {
    expect((await api.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const groups = (await api.get('/apis')).body;
    expect(groups['kind']).toBe('APIGroupList');
    const version = { groupVersion: 'apps/v1', version: 'v1' };
    const apps = { name: 'apps', versions: [version], preferredVersion: version };
    expect(groups['groups']).toContainEqual(apps);
    expect((await api.get('/apis/apps')).body).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...apps });
    const list = (await api.get('/apis/apps/v1')).body;
    expect(list).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
    expect(list['resources']).toContainEqual(
      expect.objectContaining({
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        shortNames: ['deploy'],
      }),
    );
    expect(list['resources']).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    expect((await api.get('/api/v1')).body['resources']).toContainEqual(
      expect.objectContaining({ name: 'pods/exec', kind: 'PodExecOptions' }),
    );
    expect((await api.get('/apis/nobody.test')).code).toBe(404);
    expect((await api.get('/apis/nobody.test/v1')).code).toBe(404);
  });

  it('lists nothing twice and nothing that the other server does not know', async () => {
    const groups = [...(await groupsAt('/api')), ...(await groupsAt('/apis'))];
    const names = groups.flatMap((group) =>
      group['versions'].flatMap((version: Loose) =>
        version['resources'].map(
          (each: Loose) => `${group['metadata'].name ?? ''}/${version['version']}/${each['resource']}`,
        ),
      ),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(everywhere));
  });

  it('tells the version and its health', async () => {
    const version = (await api.get('/version')).body;
    expect(version).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
    expect(version['minor']).toMatch(/^\d+\+?$/);
    for (const path of ['/healthz', '/livez', '/readyz'])
      expect(await api.get(path)).toMatchObject({ code: 200, text: 'ok' });
    expect(await api.get('/nothing/here')).toMatchObject({ code: 404 });
  });
});

const everywhere = [
  '/v1/configmaps',
  '/v1/endpoints',
  '/v1/events',
  '/v1/limitranges',
  '/v1/namespaces',
  '/v1/nodes',
  '/v1/persistentvolumeclaims',
  '/v1/persistentvolumes',
  '/v1/pods',
  '/v1/podtemplates',
  '/v1/replicationcontrollers',
  '/v1/resourcequotas',
  '/v1/secrets',
  '/v1/serviceaccounts',
  '/v1/services',
  'admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  'admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
  'apiextensions.k8s.io/v1/customresourcedefinitions',
  'apiregistration.k8s.io/v1/apiservices',
  'apps/v1/controllerrevisions',
  'apps/v1/daemonsets',
  'apps/v1/deployments',
  'apps/v1/replicasets',
  'apps/v1/statefulsets',
  'authentication.k8s.io/v1/selfsubjectreviews',
  'authorization.k8s.io/v1/selfsubjectaccessreviews',
  'authorization.k8s.io/v1/selfsubjectrulesreviews',
  'autoscaling/v2/horizontalpodautoscalers',
  'batch/v1/cronjobs',
  'batch/v1/jobs',
  'certificates.k8s.io/v1/certificatesigningrequests',
  'coordination.k8s.io/v1/leases',
  'discovery.k8s.io/v1/endpointslices',
  'flowcontrol.apiserver.k8s.io/v1/flowschemas',
  'networking.k8s.io/v1/ingressclasses',
  'networking.k8s.io/v1/ingresses',
  'networking.k8s.io/v1/networkpolicies',
  'node.k8s.io/v1/runtimeclasses',
  'policy/v1/poddisruptionbudgets',
  'rbac.authorization.k8s.io/v1/clusterrolebindings',
  'rbac.authorization.k8s.io/v1/clusterroles',
  'rbac.authorization.k8s.io/v1/rolebindings',
  'rbac.authorization.k8s.io/v1/roles',
  'scheduling.k8s.io/v1/priorityclasses',
  'storage.k8s.io/v1/csidrivers',
  'storage.k8s.io/v1/storageclasses',
  'storage.k8s.io/v1/volumeattachments',
];
