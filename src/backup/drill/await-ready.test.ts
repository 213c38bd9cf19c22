import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { type Said, sayOfPods } from '../../../test/kubernetes/stand-in-kubelet.ts';
import { type ApiClient, createClient, discover, readConnection } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { awaitReady } from './await-ready.ts';

function deployment(name: string, replicas = 1): JsonObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'copy' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'registry.test/c:1' }] } },
    },
  };
}

const role: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'workloads-only' },
  rules: [{ apiGroups: ['apps'], resources: ['*'], verbs: ['list'] }],
};
const binding: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'workloads-only' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'workloads-only' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jana' }],
};

/** What the kubelet says of pods at each second. */
type Script = Readonly<Record<number, readonly (readonly [app: string, said: Said])[]>>;

const up = (restarts: number): Said => ({ up: true, restarts });
const down = (restarts: number): Said => ({ up: false, restarts });

let cluster: PlaygroundFolder;
let client: ApiClient;
beforeEach(async () => {
  cluster = await openPlaygroundFolder([deployment('web'), deployment('db', 2), role, binding], {
    users: [{ name: 'jana' }],
  });
  client = createClient(await readConnection({ path: cluster.kubeconfig, environment: {} }));
});
afterEach(async () => {
  await client.close();
  await cluster.close();
});

/** From noon on; each answer is the second at which it was asked. */
async function run(script: Script, { within = 60, as = client, ask = (second: number) => second } = {}) {
  const clock = createManualClock(0);
  const act = async (): Promise<void> => {
    for (const [app, said] of script[clock.now() / 1000] ?? []) await sayOfPods(client, cluster.playground, app, said);
  };
  await act();
  const told: string[] = [];
  const readiness = await awaitReady(
    {
      client: as,
      discovery: await discover(client),
      namespaces: ['copy'],
      within: within * 1000,
      now: clock.now,
      sleep: async (milliseconds) => {
        await clock.sleep(milliseconds);
        await act();
      },
      progress: (text) => void told.push(text),
    },
    () => Promise.resolve(ask(clock.now() / 1000)),
  );
  return { ...readiness, ended: clock.now() / 1000, told };
}

describe('workloads that are waited for', () => {
  it('are ready when they have stayed so for ten seconds, and were from the first of them on', async () => {
    const { answeredAt, ended, told, ...rest } = await run({ 0: [['web', down(0)]], 4: [['web', up(0)]] });
    expect(rest).toEqual({ workloads: 2, unready: [], restarted: [], answer: 4 });
    expect([answeredAt, ended]).toEqual([4000, 14]);
    expect(told).toEqual(
      expect.arrayContaining(['1 of 2 workloads are ready', '2 workloads are ready: looking whether they stay so']),
    );
  });

  it('are not ready where a container ends and starts over and over, ready for a moment each time', async () => {
    const script = { 1: [['web', down(1)]], 11: [['web', up(1)]], 12: [['web', down(2)]] } satisfies Script;
    const { unready, restarted, ended } = await run(script, { within: 30 });
    expect(unready).toEqual([
      'copy/web: 0 of 1 new pods are available; container "c" does not stay up: it ended with exit code 1, started again 2 times',
    ]);
    expect(restarted).toEqual([{ workload: 'copy/web', times: 2 }]);
    expect(ended).toBe(30);
  });

  it('are not ready where a container was started again between two looks', async () => {
    const script = Object.fromEntries([1, 2, 3, 4, 5, 6].map((second) => [second, [['web', up(second)] as const]]));
    const { unready } = await run(script, { within: 6 });
    expect(unready).toEqual([
      'copy/web: container "c" does not stay up: it ended with exit code 1, started again 6 times',
    ]);
  });

  it('are ready after some restarts, which are told and counted over all pods, and asked again after each', async () => {
    const script = { 2: [['db', down(1)]], 5: [['db', up(1)]] } satisfies Script;
    const { unready, restarted, answer, answeredAt } = await run(script);
    expect(unready).toEqual([]);
    expect(restarted).toEqual([{ workload: 'copy/db', times: 2 }]);
    expect([answer, answeredAt]).toEqual([5, 5000]);
  });

  it('are looked at to the end where they were ready in time', async () => {
    const lasting = { 0: [['web', down(0)]], 4: [['web', up(0)]] } satisfies Script;
    expect(await run(lasting, { within: 5 })).toMatchObject({ unready: [], ended: 14 });
    const broken = await run({ 0: [['web', down(0)]], 4: [['web', up(0)]], 8: [['web', down(1)]] }, { within: 5 });
    expect(broken).toMatchObject({ unready: [expect.stringContaining('copy/web')], ended: 8 });
  });

  it('are asked once more where they do not get ready', async () => {
    const { answer, answeredAt, unready } = await run({ 0: [['web', down(3)]] }, { within: 5 });
    expect([answer, answeredAt]).toEqual([5, 5000]);
    expect(unready).toHaveLength(1);
  });

  it('are believed where their pods may not be listed', async () => {
    const connection = await readConnection({ path: cluster.kubeconfig, context: 'playground-jana', environment: {} });
    const jana = createClient(connection);
    const { unready, restarted, ended } = await run({ 0: [['web', up(1)]] }, { as: jana });
    await jana.close();
    expect({ unready, restarted, ended }).toEqual({ unready: [], restarted: [], ended: 10 });
    const flapping = { 1: [['web', down(1)]], 3: [['web', up(1)]], 4: [['web', down(2)]] } satisfies Script;
    expect((await run(flapping, { within: 6 })).unready).toHaveLength(1);
  });

  it('take no time where none is to run', async () => {
    for (const name of ['web', 'db'])
      await client.request({
        method: 'PATCH',
        path: `/apis/apps/v1/namespaces/copy/deployments/${name}`,
        repeatable: true,
        contentType: 'application/merge-patch+json',
        body: { spec: { replicas: 0 } },
      });
    await cluster.playground.settled();
    expect(await run({})).toMatchObject({ workloads: 2, unready: [], ended: 0 });
  });
});
