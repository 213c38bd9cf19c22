import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, discover, readConnection } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { fencePolicy } from './fence.ts';
import { emptyFence, requireFence } from './standing-fence.ts';

const fence = 'shop-drill-weekly';
const mark = { 'nowwhat.dev/schedule': 'weekly', 'nowwhat.dev/schedule-namespace': 'shop' };

function object(apiVersion: string, kind: string, name: string, more: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name, namespace: fence }, ...more };
}

const container = { name: 'c', image: 'r.test/c:1' };
const inside: readonly JsonObject[] = [
  object('v1', 'ConfigMap', 'settings', { data: { a: 'b' } }),
  object('v1', 'ConfigMap', 'kube-root-ca.crt', { data: { 'ca.crt': 'x' } }),
  object('v1', 'Secret', 'password', { data: { a: 'Yg==' } }),
  object('v1', 'Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  object('v1', 'PersistentVolumeClaim', 'data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  object('apps/v1', 'Deployment', 'web', {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    },
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'app', { rules: [] }),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'nowwhat:schedule:shop:weekly', namespace: fence, labels: mark },
    rules: [],
  },
];

function namespace(name: string, labels: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

async function open(seed: readonly JsonObject[]) {
  const { kubeconfig, playground, close } = await openPlaygroundFolder(seed);
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  return { client, store: playground.store };
}

describe('a fence that stands', () => {
  it('is emptied of all but what holds it up', async () => {
    const { client, store } = await open([namespace(fence, { 'nowwhat.dev/drill': 'true' }), ...inside]);
    const sleep = (): Promise<void> => setTimeout(5);
    const emptying = { client, discovery: await discover(client), sleep };
    expect(await emptyFence(emptying, fence)).toEqual([]);
    const names = (kind: string): string[] =>
      store
        .list(kind)
        .map(({ metadata }) => asObject(metadata))
        .filter(({ namespace }) => namespace === undefined || namespace === fence)
        .map(({ name }) => asString(name) ?? '');
    for (const kind of [
      'secrets',
      'services',
      'persistentvolumeclaims',
      'pods',
      'apps/deployments',
      'apps/replicasets',
    ])
      expect(names(kind.includes('/') ? kind : `/${kind}`), kind).toEqual([]);
    expect(names('rbac.authorization.k8s.io/roles')).toEqual(['nowwhat:schedule:shop:weekly']);
    // What is outside of it was never looked at.
    expect(names('/namespaces')).toContain(fence);
  });

  it('is known by its label and its policy: nothing else is ever emptied', async () => {
    const { client } = await open([
      namespace('closed', { 'nowwhat.dev/drill': 'true' }),
      fencePolicy('closed'),
      namespace('open', { 'nowwhat.dev/drill': 'true' }),
      namespace('shop', {}),
      fencePolicy('shop'),
    ]);
    await expect(requireFence(client, 'closed')).resolves.toBeUndefined();
    await expect(requireFence(client, 'open')).rejects.toThrow('the policy that closes it, is not there');
    await expect(requireFence(client, 'shop')).rejects.toThrow('it has no label nowwhat.dev/drill');
    await expect(requireFence(client, 'nowhere')).rejects.toThrow('is no fence of a drill');
  });
});
