import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  answerJson,
  answerStatus,
  connectionTo,
  listenOnLoopback,
  type Respond,
} from '../../../test/kubernetes/loopback-server.ts';
import type { Json } from '../../model/index.ts';
import { createClient } from '../http/client.ts';
import { discover, discoverOnce } from './discover.ts';
import { findPreferred, findResource, findResourceOfKind, resourceOfKind, resourcePath } from './find-resource.ts';

interface Served {
  readonly version: string;
  readonly stale?: boolean;
  readonly resources: readonly Json[];
}

const deployments = {
  resource: 'deployments',
  responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
  scope: 'Namespaced',
  singularResource: 'deployment',
  verbs: ['get', 'list'],
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [
    { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: ['get'] },
  ],
};
const events = {
  ...deployments,
  resource: 'events',
  responseKind: { kind: 'Event' },
  singularResource: 'event',
  shortNames: ['ev'],
  subresources: [],
};
const namespaces = {
  ...events,
  resource: 'namespaces',
  scope: 'Cluster',
  responseKind: { kind: 'Namespace' },
  singularResource: '',
  shortNames: ['ns'],
};

const served: Record<string, readonly Served[]> = {
  '': [{ version: 'v1', resources: [events, namespaces] }],
  apps: [
    { version: 'v1', resources: [deployments] },
    { version: 'v1beta1', resources: [deployments] },
  ],
  'events.k8s.io': [{ version: 'v1', resources: [events] }],
  'metrics.k8s.io': [{ version: 'v1beta1', stale: true, resources: [] }],
};

/** The two forms of one truth. */
const aggregated: Respond = (asked, response) => {
  const groups = Object.keys(served).filter((group) => (asked.path === '/api') === (group === ''));
  answerJson(response, {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    items: groups.map((name) => ({
      metadata: { name },
      versions: served[name]!.map((each) => ({
        ...each,
        freshness: each.stale ? 'Stale' : 'Current',
      })) as unknown as Json,
    })),
  });
};

type Resource = typeof deployments;
function legacyResources(each: Resource): Json[] {
  const own = {
    name: each.resource,
    singularName: each.singularResource,
    namespaced: each.scope === 'Namespaced',
    kind: each.responseKind.kind,
    verbs: each.verbs,
    shortNames: each.shortNames,
    categories: each.categories,
  };
  return [
    own,
    ...each.subresources.map((sub) => ({
      name: `${each.resource}/${sub.subresource}`,
      namespaced: true,
      kind: sub.responseKind.kind,
      verbs: sub.verbs,
    })),
  ];
}

const legacy: Respond = (asked, response) => {
  if (asked.path === '/api') return answerJson(response, { kind: 'APIVersions', versions: ['v1'] });
  if (asked.path === '/apis') {
    const groups = Object.keys(served).filter((name) => name !== '');
    return answerJson(response, {
      kind: 'APIGroupList',
      groups: groups.map((name) => ({
        name,
        // Last, to show that the preferred one is put first.
        versions: served[name]!.map(({ version }) => ({ version })).reverse(),
        preferredVersion: { version: served[name]![0]!.version },
      })),
    });
  }
  const [, , group = '', version = ''] = asked.path.startsWith('/api/') ? ['', '', '', 'v1'] : asked.path.split('/');
  const found = served[group]?.find((each) => each.version === version);
  if (found === undefined || found.stale)
    return answerStatus(response, 503, 'ServiceUnavailable', { message: 'no endpoints' });
  answerJson(response, {
    kind: 'APIResourceList',
    groupVersion: version,
    resources: found.resources.flatMap((each) => legacyResources(each as Resource)),
  });
};

async function discovered(respond: Respond) {
  const server = await listenOnLoopback(respond);
  const client = createClient(connectionTo(server.url), {
    clock: { now: () => 0, random: () => 0, sleep: async () => undefined },
  });
  onTestFinished(() => client.close());
  return { discovery: await discover(client), server };
}

describe('discovery', () => {
  it('takes two requests where the server aggregates', async () => {
    const { discovery, server } = await discovered(aggregated);
    expect(server.asked.map(({ path }) => path).sort()).toEqual(['/api', '/apis']);
    expect(server.asked[0]?.headers.accept).toMatch(
      /^application\/json;g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList,/,
    );
    expect(discovery.resources.map(({ group, version, resource }) => `${group}/${version}/${resource}`)).toEqual([
      '/v1/events',
      '/v1/namespaces',
      'apps/v1/deployments',
      'apps/v1beta1/deployments',
      'events.k8s.io/v1/events',
    ]);
    expect(discovery.resources[2]).toEqual({
      group: 'apps',
      version: 'v1',
      resource: 'deployments',
      singular: 'deployment',
      kind: 'Deployment',
      namespaced: true,
      verbs: ['get', 'list'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: [{ name: 'scale', verbs: ['get'], kind: 'Scale' }],
    });
  });

  it('says the same of an older server, and names the groups that do not answer', async () => {
    const [old, now] = [await discovered(legacy), await discovered(aggregated)];
    expect(old.discovery.resources).toEqual(now.discovery.resources);
    expect(old.discovery.failures).toEqual([{ groupVersion: 'metrics.k8s.io/v1beta1', reason: 'no endpoints' }]);
    expect(now.discovery.failures).toEqual([
      { groupVersion: 'metrics.k8s.io/v1beta1', reason: 'its API server does not answer' },
    ]);
  });

  it('fails where nothing is served or nothing may be seen', async () => {
    await expect(discovered((_asked, response) => answerStatus(response, 404, 'NotFound'))).rejects.toMatchObject({
      code: 'cluster-failed',
    });
    await expect(discovered((_asked, response) => answerStatus(response, 401, 'Unauthorized'))).rejects.toMatchObject({
      code: 'cluster-unauthorized',
    });
  });

  it('is asked for once by all who look around with one client, and anew after a failure', async () => {
    const refused = new Set<string>();
    const server = await listenOnLoopback((asked, response, count) => {
      if (refused.has(asked.path)) return aggregated(asked, response, count);
      refused.add(asked.path);
      return answerStatus(response, 403, 'Forbidden');
    });
    const client = createClient(connectionTo(server.url));
    onTestFinished(() => client.close());
    await expect(discoverOnce(client)).rejects.toThrow('Forbidden');
    await vi.waitFor(() => expect(server.asked).toHaveLength(2));
    const [first, second] = await Promise.all([discoverOnce(client), discoverOnce(client)]);
    expect(await discoverOnce(client)).toBe(first);
    expect(second).toBe(first);
    expect(first.resources).toHaveLength(5);
    expect(server.asked).toHaveLength(4);
    expect(await discover(client)).not.toBe(first);
    const later = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    onTestFinished(() => later.mockRestore());
    expect(await discoverOnce(client)).not.toBe(first);
  });
});

describe('a resource', () => {
  it.each([
    ['deployments', 'apps/v1'],
    ['deployment', 'apps/v1'],
    ['Deployment', 'apps/v1'],
    ['deploy', 'apps/v1'],
    ['deploy.apps', 'apps/v1'],
    ['deployments.app', 'apps/v1'],
    ['deployments.v1beta1.apps', 'apps/v1beta1'],
    ['events', '/v1'],
    ['ev.events.k8s.io', 'events.k8s.io/v1'],
    ['ns', '/v1'],
    ['namespace', '/v1'],
    ['deployments.v2.apps', undefined],
    ['things', undefined],
  ])('%s is found in %s', async (text, at) => {
    const { discovery } = await discovered(aggregated);
    const found = findResource(discovery, text);
    expect(found && `${found.group}/${found.version}`).toBe(at);
  });

  it('of a kind is the one of its version; another version is advised', async () => {
    const { discovery } = await discovered(aggregated);
    expect(findResourceOfKind(discovery, 'apps/v1beta1', 'Deployment')?.version).toBe('v1beta1');
    expect(findPreferred(discovery, 'apps', 'Deployment')?.version).toBe('v1');
    expect(resourceOfKind(discovery, 'v1', 'Namespace').namespaced).toBe(false);
    const adviceFor = (apiVersion: string, kind: string) => {
      try {
        return resourceOfKind(discovery, apiVersion, kind);
      } catch (error) {
        return error;
      }
    };
    expect(adviceFor('apps/v2', 'Deployment')).toMatchObject({
      code: 'unknown-resource',
      advice: 'It serves Deployment in apps/v1.',
    });
    expect(adviceFor('metrics.k8s.io/v1beta1', 'PodMetrics')).toMatchObject({
      advice: expect.stringContaining('does not answer'),
    });
    expect(adviceFor('x/v1', 'Thing')).toMatchObject({ advice: expect.stringContaining('CRD') });
  });

  it('has its path, with names encoded', () => {
    const at = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'roles' };
    expect(resourcePath(at)).toBe('/apis/rbac.authorization.k8s.io/v1/roles');
    expect(
      resourcePath(
        { group: '', version: 'v1', resource: 'pods' },
        { namespace: 'a', name: 'b:c', subresource: 'proxy/x y' },
      ),
    ).toBe('/api/v1/namespaces/a/pods/b%3Ac/proxy/x%20y');
  });
});
