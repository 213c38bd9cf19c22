import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { type ClusterReader, type ListedKind, NotPermitted } from './cluster-reader.ts';
import { readCluster, type ReadClusterOptions } from './read-cluster.ts';

const deployments = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true };
const nodes = { group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespaced: false };
const secrets = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };
const events = { group: '', version: 'v1', kind: 'Event', resource: 'events', namespaced: true };
const oldIngresses = {
  group: 'extensions',
  version: 'v1beta1',
  kind: 'Ingress',
  resource: 'ingresses',
  namespaced: true,
};
const ingresses = { ...oldIngresses, group: 'networking.k8s.io', version: 'v1' };

type Lists = (kind: ListedKind, namespace: string) => readonly (readonly JsonObject[])[];

function readerOf(kinds: readonly ListedKind[], lists: Lists, version = 'v1.34.2+k3s1'): ClusterReader {
  return {
    name: 'minikube',
    serverVersion: () => Promise.resolve(version),
    kinds: () => Promise.resolve({ kinds, silent: [] }),
    // eslint-disable-next-line @typescript-eslint/require-await
    async *list(kind, namespace) {
      yield* lists(kind, namespace);
    },
  };
}

const options: ReadClusterOptions = {
  namespaces: [],
  concurrency: 4,
  keepManagedFields: false,
  progress: () => undefined,
};

const named = (name: string, namespace?: string): JsonObject => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid: `${namespace ?? ''}/${name}` },
});

describe('the snapshot of a cluster', () => {
  it('holds every page of every kind that matters, with kind and version', async () => {
    const reader = readerOf([nodes, deployments, events], ({ kind }) =>
      kind === 'Node' ? [[named('n1')]] : [[named('web', 'shop')], [named('api', 'shop')]],
    );
    const { objects, facts } = await readCluster(reader, options);
    expect(objects.map(({ kind, apiVersion, namespace, name }) => [kind, apiVersion, namespace, name])).toEqual([
      ['Node', 'v1', '', 'n1'],
      ['Deployment', 'apps/v1', 'shop', 'web'],
      ['Deployment', 'apps/v1', 'shop', 'api'],
    ]);
    expect(facts).toMatchObject({
      minor: 34,
      cluster: { context: 'minikube', serverVersion: 'v1.34.2+k3s1', notListed: [] },
    });
  });

  it('asks for single namespaces where some are wanted, and for the rest at once', async () => {
    const asked: string[] = [];
    const reader = readerOf([nodes, deployments], ({ resource }, namespace) => {
      asked.push(`${resource} ${namespace}`);
      return [];
    });
    await readCluster(reader, { ...options, namespaces: ['shop', 'ops'] });
    // The list of all deployments is read beside: the cluster's own programs are among them.
    expect(asked.sort()).toEqual(['deployments ', 'deployments ops', 'deployments shop', 'nodes ']);
  });

  it('tells what may not be listed, and goes on', async () => {
    const reader = readerOf([nodes, deployments], ({ kind }) => {
      if (kind === 'Node') throw new NotPermitted('user "jana" cannot list nodes');
      return [[named('web', 'shop')]];
    });
    const { objects, unreadable, facts } = await readCluster(reader, options);
    expect(objects).toHaveLength(1);
    expect(unreadable).toEqual([]);
    expect(facts.cluster?.notListed).toEqual([{ group: '', kind: 'Node', resource: 'nodes', namespace: '' }]);
  });

  it('tells a list that broke as unreadable: never a silent hole', async () => {
    const reader = readerOf([nodes], () => {
      throw new Error('connection reset');
    });
    const { unreadable, facts } = await readCluster(reader, options);
    expect(unreadable).toEqual([
      expect.objectContaining({
        code: 'list-failed',
        reason: expect.stringContaining('nodes could not be listed: connection reset'),
      }),
    ]);
    expect(facts.cluster?.notListed).toEqual([
      { group: '', kind: 'Node', resource: 'nodes', namespace: '', failed: true },
    ]);
  });

  it('tells of groups that do not say what they hold, unless they only measure', async () => {
    const silent = ['velero.io/v1', 'metrics.k8s.io/v1beta1', 'apps/v1'].map((groupVersion) => ({
      groupVersion,
      reason: 'its API server does not answer',
    }));
    const reader = {
      ...readerOf([deployments], () => []),
      kinds: () => Promise.resolve({ kinds: [deployments], silent }),
    };
    const { unreadable, facts } = await readCluster(reader, options);
    expect(facts.cluster?.notListed).toEqual([
      { group: 'velero.io', kind: '*', resource: '*', namespace: '', failed: true },
    ]);
    expect(unreadable).toEqual([
      expect.objectContaining({ reason: 'what velero.io/v1 serves could not be read: its API server does not answer' }),
    ]);
  });

  it('counts an object once that two groups serve', async () => {
    const reader = readerOf([ingresses, oldIngresses], () => [[named('web', 'shop')]]);
    const { objects } = await readCluster(reader, options);
    expect(objects.map(({ apiVersion }) => apiVersion)).toEqual(['networking.k8s.io/v1']);
  });

  it('never holds the value of a Secret', async () => {
    const reader = readerOf([secrets], () => [[{ ...named('db', 'shop'), data: { password: 'aHVzaGh1c2g=' } }]]);
    const snapshot = await readCluster(reader, options);
    expect(JSON.stringify(snapshot)).not.toContain('aHVzaGh1c2g');
    expect(snapshot.objects[0]?.raw['data']).toEqual({ password: '' });
  });

  it('knows which values are the same, by fingerprints that nobody can try values against', async () => {
    const value = { password: 'aHVzaGh1c2g=' };
    const reader = readerOf([secrets], () => [
      [
        { ...named('db', 'shop'), data: value },
        { ...named('db', 'test'), data: { ...value, user: 'c2hvcA==' } },
      ],
    ]);
    const [first, second] = (await readCluster(reader, options)).facts.cluster?.secrets ?? [];
    expect(first?.keys['password']).toEqual({ bytes: 8, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(second?.keys['password']).toEqual(first?.keys['password']);
    expect(second?.keys['user']?.fingerprint).not.toBe(first?.keys['password']?.fingerprint);
    const [again] = (await readCluster(reader, options)).facts.cluster?.secrets ?? [];
    expect(again?.keys['password']?.fingerprint).not.toBe(first?.keys['password']?.fingerprint);
  });

  it('refuses a version that says nothing, unless one is given', async () => {
    const reader = readerOf([], () => [], 'unknown');
    await expect(readCluster(reader, options)).rejects.toMatchObject({ code: 'cluster-failed' });
    expect((await readCluster(reader, { ...options, minor: 30 })).facts.minor).toBe(30);
  });
});
