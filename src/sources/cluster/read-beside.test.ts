import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../model/index.ts';
import { type ClusterReader, type ListedKind, NotPermitted, type ServedKinds } from './cluster-reader.ts';
import { readBeside, readKubelets } from './read-beside.ts';

const kindOf = (group: string, kind: string): ListedKind => ({
  group,
  version: 'v1',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
});
const pods = kindOf('', 'Pod');
const configMaps = kindOf('', 'ConfigMap');
const deployments = kindOf('apps', 'Deployment');
const schedules = kindOf('velero.io', 'Schedule');
const cronJobs = kindOf('batch', 'CronJob');

type Lists = (kind: ListedKind, namespace: string) => readonly JsonObject[];

function readerOf(lists: Lists, kubeletConfig?: ClusterReader['kubeletConfig']): ClusterReader {
  return {
    name: 'test',
    serverVersion: () => Promise.resolve('v1.34.0'),
    kinds: () => Promise.resolve({ kinds: [], silent: [] }),
    // eslint-disable-next-line @typescript-eslint/require-await
    async *list(kind, namespace) {
      yield lists(kind, namespace);
    },
    ...(kubeletConfig === undefined ? {} : { kubeletConfig }),
  };
}

const deployment = (namespace: string): JsonObject => ({
  metadata: { name: 'web', namespace, annotations: { note: 'private' }, managedFields: [] },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'c',
            image: 'x/y:1',
            args: ['--password=hunter2'],
            env: [
              { name: 'TOKEN', value: 'hunter2' },
              { name: 'ENABLE_NETWORK_POLICY', value: 'true' },
            ],
          },
        ],
      },
    },
  },
});

const served = (...kinds: readonly ListedKind[]): ServedKinds => ({ kinds, silent: [] });

const wish = { namespaces: ['shop'], concurrency: 2 };

describe('what is read beside', () => {
  it('are programs of other namespaces, without what may be secret in them', async () => {
    const reader = readerOf(() => [deployment('shop'), deployment('bank')]);
    const { objects, whole } = await readBeside(reader, served(deployments), wish);
    expect(objects.map(({ metadata }) => metadata)).toEqual([{ name: 'web', namespace: 'bank' }]);
    expect(JSON.stringify(objects)).not.toMatch(/hunter2|private/);
    expect(JSON.stringify(objects)).toContain('ENABLE_NETWORK_POLICY');
    expect(whole).toContain('apps/Deployment');
  });

  it('keeps what a controller says, of kinds without pods', async () => {
    const schedule = { metadata: { name: 's', namespace: 'velero' }, spec: { schedule: '@daily' } };
    const { objects } = await readBeside(
      readerOf(() => [schedule]),
      served(schedules),
      wish,
    );
    expect(objects).toEqual([{ apiVersion: 'velero.io/v1', kind: 'Schedule', ...schedule }]);
  });

  it("of CronJobs keeps our backup schedules, and nothing of other people's jobs", async () => {
    const job = (name: string, marks: JsonObject): JsonObject => ({
      metadata: { name, namespace: 'backups', ...marks },
      spec: { jobTemplate: { spec: { template: { metadata: { annotations: { 'nowwhat.dev/backup': '{}' } } } } } },
    });
    const found = [job('nightly', { labels: { 'nowwhat.dev/schedule': 'nightly' } }), job('report', {})];
    const { objects } = await readBeside(
      readerOf(() => found),
      served(cronJobs),
      wish,
    );
    expect(objects).toEqual([{ apiVersion: 'batch/v1', kind: 'CronJob', ...found[0] }]);
  });

  it('of kube-system keeps static pods with their flags, and settings of the network', async () => {
    const pod = (name: string, owner: string): JsonObject => ({
      metadata: { name, namespace: 'kube-system', ownerReferences: [{ kind: owner }] },
      spec: { containers: [{ name: 'c', image: 'i', command: ['kube-apiserver', '--profiling=false'] }] },
    });
    const settings = (name: string): JsonObject => ({ metadata: { name, namespace: 'kube-system' }, data: { a: 'b' } });
    const asked: string[] = [];
    const reader = readerOf(({ kind }, namespace) => {
      asked.push(namespace);
      return kind === 'Pod'
        ? [pod('kube-apiserver-n1', 'Node'), pod('web', 'ReplicaSet')]
        : [settings('cilium-config'), settings('somebody-elses')];
    });
    const { objects, whole } = await readBeside(reader, served(pods, configMaps), wish);
    expect(asked).toEqual(['kube-system', 'kube-system']);
    expect(objects.map(({ metadata }) => (metadata as JsonObject)['name'])).toEqual([
      'kube-apiserver-n1',
      'cilium-config',
    ]);
    expect(JSON.stringify(objects)).toContain('--profiling=false');
    expect(whole).not.toContain('/Pod');
  });

  it('is nothing where all namespaces are read anyway', async () => {
    const reader = readerOf(() => [deployment('bank')]);
    expect(await readBeside(reader, served(deployments), { ...wish, namespaces: [] })).toEqual({
      objects: [],
      whole: [],
      unread: [],
    });
  });

  it('without the right to it is not whole, and no error', async () => {
    const reader = readerOf((_, namespace) => {
      if (namespace === '') throw new NotPermitted('no');
      return [deployment(namespace)];
    });
    const { objects, whole, unread } = await readBeside(reader, served(deployments), wish);
    expect(unread).toEqual([{ kind: 'apps/Deployment', why: 'may not be listed' }]);
    expect(objects.map(({ metadata }) => (metadata as JsonObject)['namespace'])).toEqual(['kube-system']);
    expect(whole).not.toContain('apps/Deployment');
    // What is not served cannot be anywhere.
    expect(whole).toContain('velero.io/Schedule');
  });

  it('is not whole of a group that does not say what it holds', async () => {
    const silent = [{ groupVersion: 'velero.io/v1', reason: 'its API server does not answer' }];
    const { whole } = await readBeside(
      readerOf(() => []),
      { kinds: [deployments], silent },
      wish,
    );
    expect(whole).toContain('apps/Deployment');
    expect(whole).not.toContain('velero.io/Schedule');
  });
});

const node = (name: string, annotations: JsonObject = {}, ready = 'True'): KubeObject => {
  const origin = { kind: 'cluster', unit: 'test' } as const;
  const source = { file: 'test', text: -1, start: 0, end: 0, document: 0, line: 1, within: [], origin };
  const raw = { metadata: { name, annotations }, status: { conditions: [{ type: 'Ready', status: ready }] } };
  return { apiVersion: 'v1', group: '', version: 'v1', kind: 'Node', namespace: '', name, raw, source };
};

describe('kubelets', () => {
  it('are asked one after the other, but not those that do not exist', async () => {
    const reader = readerOf(
      () => [],
      (name) => (name === 'n2' ? Promise.reject(new Error('timeout')) : Promise.resolve({ readOnlyPort: 0 })),
    );
    const nodes = [node('n1'), node('k1', { 'kwok.x-k8s.io/node': 'fake' }), node('gone', {}, 'Unknown'), node('n2')];
    expect(await readKubelets(reader, nodes, 2)).toEqual([
      { node: 'n1', config: { readOnlyPort: 0 } },
      { node: 'n2', unread: 'timeout' },
    ]);
  });

  it('are not asked again by who may not ask the first', async () => {
    const asked: string[] = [];
    const reader = readerOf(
      () => [],
      (name) => {
        asked.push(name);
        return Promise.reject(new NotPermitted('jana may not get nodes/proxy'));
      },
    );
    expect(await readKubelets(reader, [node('n1'), node('n2')], 2)).toEqual([
      { node: 'n1', unread: 'jana may not get nodes/proxy' },
    ]);
    expect(asked).toEqual(['n1']);
  });
});
