// Reading a cluster while things go wrong: the same snapshot, or a list of what is missing. Never a silent hole, a second copy, or a wait without end.

import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { randomFrom, type Random } from '../../../test/kubernetes/random.ts';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { type JsonObject, type KubeObject, type Snapshot, UserError } from '../../model/index.ts';
import { type Fault, type FaultEffect, startPlayground } from '../../playground/index.ts';
import { type ClusterWish, readClusterSnapshot } from './open-cluster.ts';

const runs = 100;
const namespaces = ['shop', 'ops', 'data'];
const resources = ['pods', 'deployments', 'services', 'secrets', 'configmaps', 'roles', 'nodes', 'namespaces'];

/** A few hundred objects of many kinds: enough for many pages, and for holes that could go unseen. */
function objectsToRead(): JsonObject[] {
  const plain = [
    ['v1', 'ConfigMap', 30, { data: { key: 'value'.repeat(40) } }],
    ['v1', 'Secret', 20, { data: { password: 'aHVzaA==' } }],
    ['v1', 'ServiceAccount', 10, {}],
    ['v1', 'Service', 10, { spec: { ports: [{ port: 80 }], selector: { app: 'a' } } }],
    ['rbac.authorization.k8s.io/v1', 'Role', 12, { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }],
    ['networking.k8s.io/v1', 'NetworkPolicy', 8, { spec: { podSelector: {} } }],
    ['v1', 'Pod', 15, { spec: { containers: [{ name: 'c', image: 'registry.test/a:1' }] } }],
    ['policy/v1', 'PodDisruptionBudget', 3, { spec: { maxUnavailable: 1, selector: {} } }],
  ] as const;
  return namespaces.flatMap((namespace) =>
    plain.flatMap(([apiVersion, kind, count, rest]) =>
      Array.from({ length: count }, (_, at) => ({
        apiVersion,
        kind,
        metadata: { name: `${kind.toLowerCase()}-${at}`, namespace },
        ...rest,
      })),
    ),
  );
}

const effects: readonly ((random: Random) => FaultEffect)[] = [
  (random) => ({ kind: 'refuse', code: 429, retryAfter: 1 + random.below(3) }),
  () => ({ kind: 'refuse', code: 429 }),
  () => ({ kind: 'refuse', code: 500 }),
  (random) => ({ kind: 'refuse', code: random.of([502, 503, 504]) }),
  () => ({ kind: 'cut', afterBytes: 0 }),
  (random) => ({ kind: 'cut', afterBytes: 1 + random.below(6000) }),
  () => ({ kind: 'expire' }),
  (random) => ({ kind: 'delay', ms: random.below(8) }),
];

/** More of some faults than the tries bear, so that some runs must tell of holes. */
function faultsOf(random: Random): Fault[] {
  return Array.from({ length: 1 + random.below(25) }, (): Fault => {
    const effect = random.of(effects)(random);
    const times = 1 + random.below(random.below(4) === 0 ? 14 : 3);
    if (random.below(10) === 0) return { times, effect, when: { path: random.of([/^\/version$/, /^\/apis?$/]) } };
    const resource = random.below(3) === 0 ? {} : { resource: random.of(resources) };
    const continued = random.below(3) === 0 ? { continued: true } : {};
    return { times, effect, when: { verb: 'list', ...resource, ...continued } };
  });
}

const keyOf = ({ group, kind, namespace, name }: KubeObject): string => `${group}/${kind} ${namespace}/${name}`;

/** What a faulty reading got wrong in silence; empty where it is whole, or tells exactly what it lacks. */
function wrongIn(found: Snapshot, whole: Snapshot): string[] {
  const missing = new Set(found.facts.cluster?.notListed.map(({ group, kind }) => `${group}/${kind}`));
  const keys = found.objects.map(keyOf);
  const got = new Map(found.objects.map((object) => [keyOf(object), object]));
  const holes = whole.objects.filter((object) => {
    const same = JSON.stringify(got.get(keyOf(object))?.raw) === JSON.stringify(object.raw);
    return !same && !missing.has(`${object.group}/${object.kind}`);
  });
  const isToldTwice = found.objects.filter(({ group, kind }) => missing.has(`${group}/${kind}`));
  return [
    ...holes.map((object) => `hole or change: ${keyOf(object)}`),
    ...isToldTwice.map((object) => `told as missing, and there: ${keyOf(object)}`),
    ...keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `twice: ${key}`),
    ...(missing.size === found.unreadable.length
      ? []
      : [`${missing.size} not listed, ${found.unreadable.length} told`]),
  ];
}

const everything: Pick<ClusterWish, 'namespaces' | 'allNamespaces' | 'mayLackNamespaces'> = {
  namespaces: [],
  allNamespaces: true,
};

async function read(kubeconfig: string, seed: number, concurrency = 4, what = everything): Promise<Snapshot> {
  const wish: ClusterWish = { context: '.', kubeconfig, concurrency, ...what };
  const outside = {
    stdin: () => Promise.resolve(new Uint8Array()),
    environment: {},
    today: '2026-01-01',
    progress: () => undefined,
    // Waits for a busy server end at once: what is tried again is what matters.
    clock: createManualClock(0, randomFrom(seed).next()),
  };
  return (await readClusterSnapshot(wish, undefined, outside)).snapshot;
}

it(`a cluster that fails now and then is read whole, or with a list of what is missing: ${runs} runs`, {
  timeout: 120_000,
}, async () => {
  const playground = await startPlayground({ seed: objectsToRead(), controllers: false, pageLimit: 7 });
  onTestFinished(() => playground.close());
  const kubeconfig = join(temporaryFolder({ config: playground.kubeconfig() }), 'config');
  const whole = await read(kubeconfig, 0);
  expect(whole.objects.length).toBeGreaterThan(300);
  expect(whole.facts.cluster?.notListed).toEqual([]);
  const ended = { whole: 0, told: 0, refused: 0 };
  const repeated = Number(process.env['NOWWHAT_SEED'] ?? 0);
  for (let seed = repeated || 1; seed <= (repeated || runs); seed += 1) {
    playground.faults.clear();
    const faults = faultsOf(randomFrom(seed));
    for (const fault of faults) playground.faults.add(fault);
    const label = `NOWWHAT_SEED=${seed} repeats this run, with ${JSON.stringify(faults)}`;
    try {
      const found = await read(kubeconfig, seed);
      expect(wrongIn(found, whole), label).toEqual([]);
      ended[found.unreadable.length > 0 ? 'told' : 'whole'] += 1;
    } catch (error) {
      // A cluster that does not even say what it serves is an error aloud, with a next step.
      if (!(error instanceof UserError)) throw new Error(label, { cause: error });
      ended.refused += 1;
    }
  }
  // Each way to end is met, or the runs would show nothing.
  if (repeated === 0) for (const [way, count] of Object.entries(ended)) expect(count, way).toBeGreaterThan(2);
});

/** Stands before a server and counts the requests that have no whole answer yet. */
async function countUnderWay(target: string) {
  const counted = { now: 0, most: 0, all: 0 };
  const { url } = await listenOnLoopback(({ method, path, query, headers }, response) => {
    counted.now += 1;
    counted.all += 1;
    counted.most = Math.max(counted.most, counted.now);
    response.once('close', () => (counted.now -= 1));
    const { hostname, port } = new URL(target);
    const onward = request({ hostname, port, method, path: `${path}?${query.toString()}`, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    onward.on('error', () => response.destroy()).end();
  });
  return { url, counted };
}

it.each([1, 2, 8])('no more than %i requests are under way where so many were allowed', async (concurrency) => {
  const playground = await startPlayground({ seed: objectsToRead(), controllers: false, pageLimit: 50 });
  onTestFinished(() => playground.close());
  playground.faults.add({ times: 1_000_000, effect: { kind: 'delay', ms: 3 } });
  playground.faults.add({ times: 3, effect: { kind: 'cut', afterBytes: 40 }, when: { verb: 'list' } });
  playground.faults.add({ times: 5, effect: { kind: 'refuse', code: 429, retryAfter: 1 }, when: { verb: 'list' } });
  const { url, counted } = await countUnderWay(playground.url);
  const config = playground.kubeconfig().replace(playground.url, url);
  const { objects } = await read(join(temporaryFolder({ config }), 'config'), 1, concurrency);
  expect(objects.length).toBeGreaterThan(300);
  expect(counted.all).toBeGreaterThan(50);
  // Neither more than allowed, nor so few that the limit was not met.
  expect(counted.most).toBe(concurrency);
});

describe('a namespace that the cluster does not have', () => {
  const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const misspelt = { namespaces: ['shop', 'shpo'], allNamespaces: false };

  async function kubeconfigOf(): Promise<string> {
    const playground = await startPlayground({ seed: [shop], controllers: false });
    onTestFinished(() => playground.close());
    return join(temporaryFolder({ config: playground.kubeconfig() }), 'config');
  }

  it('is said, rather than judged as an app without faults', async () => {
    const kubeconfig = await kubeconfigOf();
    await expect(read(kubeconfig, 0, 4, misspelt)).rejects.toMatchObject({
      code: 'namespace-missing',
      message: expect.stringMatching(/^no namespace "shpo" is in the cluster/),
    });
  });

  it('holds nothing where the app is yet to come there', async () => {
    const kubeconfig = await kubeconfigOf();
    const snapshot = await read(kubeconfig, 0, 4, { ...misspelt, mayLackNamespaces: true });
    expect(snapshot.facts.cluster?.namespaces).toEqual(['shop', 'shpo']);
  });
});
