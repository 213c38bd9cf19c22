// Policies made up by chance, on a real network: what the engine says of every pair of pods and port is what happens.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../src/api/index.ts';
import { createInventory } from '../../src/inventory/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { compilePolicies } from '../../src/reachability/compile-policies.ts';
import { type Connections, findConnections, hasPort, policyObjects } from '../../src/reachability/index.ts';
import { clusterOf } from '../kubernetes/cluster-snapshot.ts';
import { randomFrom } from '../kubernetes/random.ts';
import { knownFault, withKnownFault } from './policies/known-fault.ts';
import { type Knock, knock, podObject, type ProbePod, tcpPorts, udpPort } from './policies/probe-pods.ts';
import { makePolicies, type World } from './policies/random-policies.ts';
import { kubeconfig, openClient } from './test-cluster.ts';
import { until } from './until.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? '';
const seed = Number(process.env['NOWWHAT_TEST_SEED'] ?? randomBytes(3).readUIntBE(0, 3));
const sets = 50;
const run = randomBytes(3).toString('hex');
const [n1, n2, n3, canarySpace] = ['a', 'b', 'c', 'canary'].map((word) => `nowwhat-reach-${run}-${word}`) as [
  string,
  string,
  string,
  string,
];
const plain = { http: 8080, alt: 8081 };
const swapped = { http: 8081, alt: 8080 };
const pods: readonly ProbePod[] = [
  { namespace: n1, name: 'web', labels: { app: 'web', tier: 'front' }, ports: plain },
  { namespace: n1, name: 'db', labels: { app: 'db', tier: 'back' }, ports: swapped },
  { namespace: n2, name: 'web', labels: { app: 'web', tier: 'front' }, ports: swapped },
  { namespace: n2, name: 'db', labels: { app: 'db' }, ports: plain },
  { namespace: n3, name: 'other', labels: { tier: 'back' }, ports: plain },
];
const namespaces: readonly JsonObject[] = [
  { name: n1, labels: { team: `a-${run}` } },
  { name: n2, labels: { team: `b-${run}` } },
  { name: n3, labels: { run } },
  { name: canarySpace, labels: {} },
].map((metadata) => ({ apiVersion: 'v1', kind: 'Namespace', metadata }));
const canaries: readonly ProbePod[] = ['caller', 'called'].map((name) => ({
  namespace: canarySpace,
  name,
  labels: { canary: name },
  ports: plain,
}));

interface Difference {
  readonly set: number;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly expected: boolean;
}

const policies = '/apis/networking.k8s.io/v1';

describe.skipIf(kubeconfig === undefined || image === '')('policies made up by chance', () => {
  let client: ApiClient;
  let live: JsonObject[];
  const addresses = new Map<string, string>();
  const idOf = ({ namespace, name }: Pick<ProbePod, 'namespace' | 'name'>): string => `${namespace}/${name}`;

  async function readPod({ namespace, name }: ProbePod): Promise<JsonObject> {
    return client.request({ path: `/api/v1/namespaces/${namespace}/pods/${name}` });
  }

  async function startPod(pod: ProbePod): Promise<JsonObject> {
    const path = `/api/v1/namespaces/${pod.namespace}/pods`;
    await client.request({ method: 'POST', path, body: podObject(pod, image) });
    return await until(`the address of ${idOf(pod)}`, async () => {
      const object = await readPod(pod);
      const { phase, podIP } = asObject(object['status']);
      if (phase !== 'Running' || typeof podIP !== 'string') return undefined;
      addresses.set(idOf(pod), podIP);
      return { apiVersion: 'v1', kind: 'Pod', ...object };
    });
  }

  beforeAll(async () => {
    client = await openClient();
    for (const body of namespaces) await client.request({ method: 'POST', path: '/api/v1/namespaces', body });
    live = await Promise.all([...pods, ...canaries].map(startPod));
  });

  afterAll(async () => {
    for (const { metadata } of namespaces)
      await client.request({ method: 'DELETE', path: `/api/v1/namespaces/${asString(asObject(metadata)['name'])}` });
    await client.close();
  });

  /** The rules of a node are loaded as a whole: once the last policy shows, the others hold too. */
  async function settle(set: number): Promise<void> {
    const port = tcpPorts[set % 2] ?? 0;
    const spec = { podSelector: { matchLabels: { canary: 'called' } }, ingress: [{ ports: [{ port }] }] };
    const body = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'canary' }, spec };
    const path = `${policies}/namespaces/${canarySpace}/networkpolicies`;
    if (set === 0) await client.request({ method: 'POST', path, body });
    else await client.request({ method: 'PUT', path: `${path}/canary`, body });
    const [caller, called] = canaries;
    const address = addresses.get(called === undefined ? '' : idOf(called)) ?? '';
    for (let attempt = 0; attempt < 120 && caller !== undefined; attempt += 1)
      if ((await knock(client, caller, [{ address, protocol: 'TCP', port }])).size > 0) return;
    throw new Error('the network did not take up the policies');
  }

  async function apply(objects: readonly JsonObject[]): Promise<JsonObject[]> {
    for (const namespace of [n1, n2, n3])
      await client.request({ method: 'DELETE', path: `${policies}/namespaces/${namespace}/networkpolicies` });
    return Promise.all(
      objects.map(async (body) => {
        const namespace = asString(asObject(body['metadata'])['namespace']) ?? '';
        const path = `${policies}/namespaces/${namespace}/networkpolicies`;
        return {
          ...(await client.request({ method: 'POST', path, body })),
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
        };
      }),
    );
  }

  function expectations(stored: readonly JsonObject[]): Connections {
    const text = [...namespaces, ...live, ...stored].map((object) => JSON.stringify(object)).join('\n---\n');
    const inventory = createInventory(clusterOf(text));
    // As Kubernetes' own tests want it: a block holds the pods whose addresses are in it.
    return findConnections(inventory, compilePolicies(policyObjects(inventory), { blocksHoldPods: true }));
  }

  function isOpen(found: Connections, from: ProbePod, to: ProbePod, { protocol, port }: Knock): boolean {
    const [a, b] = [from, to].map((each) => found.workload(`${idOf(each)}[Pod]`));
    if (a === undefined || b === undefined) throw new Error('a pod is not in the inventory');
    const { sure, possible } = found.between(a, b);
    // Everything is known here: there is nothing to be unsure about.
    expect(sure).toEqual(possible);
    return hasPort(sure, protocol, port);
  }

  interface Asked {
    readonly knock: Knock;
    readonly to: ProbePod;
    readonly expected: boolean;
  }

  function asks(found: Connections, from: ProbePod): Asked[] {
    return pods
      .filter((to) => to !== from)
      .flatMap((to) => {
        const address = addresses.get(idOf(to)) ?? '';
        const knocks: Knock[] = [
          ...tcpPorts.map((port) => ({ address, protocol: 'TCP' as const, port })),
          { address, protocol: 'UDP', port: udpPort },
        ];
        return knocks.map((each) => ({ knock: each, to, expected: isOpen(found, from, to, each) }));
      });
  }

  /** What is not as expected; asked again, since a busy machine loses a packet now and then. */
  async function surprises(from: ProbePod, asked: readonly Asked[]): Promise<Asked[]> {
    let open = asked;
    for (let attempt = 0; attempt < 6 && open.length > 0; attempt += 1) {
      const answered = await knock(
        client,
        from,
        open.map((each) => each.knock),
      );
      open = open.filter((each) => answered.has(each.knock) !== each.expected);
    }
    return [...open];
  }

  const counts = { open: 0, closed: 0, known: 0 };

  async function trySet(set: number, world: World, random: ReturnType<typeof randomFrom>): Promise<Difference[]> {
    const stored = await apply(makePolicies(random, world));
    await settle(set);
    const found = expectations(stored);
    const lists = await Promise.all(
      pods.map(async (from) => {
        const asked = asks(found, from);
        for (const { expected } of asked) counts[expected ? 'open' : 'closed'] += 1;
        const wrong = await surprises(from, asked);
        const faulty =
          wrong.length === 0 ? found : expectations(stored.map((each) => withKnownFault(each, from, pods)));
        const isKnown = (each: Asked): boolean => isOpen(faulty, from, each.to, each.knock) !== each.expected;
        counts.known += wrong.filter(isKnown).length;
        return wrong
          .filter((each) => !isKnown(each))
          .map(({ to, knock: { protocol, port }, expected }) => ({
            set,
            from: idOf(from),
            to: idOf(to),
            port: `${protocol} ${port}`,
            expected,
            policies: JSON.stringify(stored.map(({ metadata, spec }) => [asObject(metadata)['namespace'], spec])),
          }));
      }),
    );
    return lists.flat();
  }

  it(`do on the network what the engine says, ${sets} sets from seed ${seed}`, { timeout: 900_000 }, async () => {
    const random = randomFrom(seed);
    const labels = namespaces.map(({ metadata }) => asObject(asObject(metadata)['labels']));
    const world = {
      namespaces: [n1, n2, n3],
      namespaceLabels: labels.filter((each) => Object.keys(each).length > 0),
      addresses: pods.map((pod) => addresses.get(idOf(pod)) ?? ''),
    };
    const differences: Difference[] = [];
    for (let set = 0; set < sets; set += 1) differences.push(...(await trySet(set, world, random)));
    process.stdout.write(
      `seed ${seed}: ${counts.open} open and ${counts.closed} closed connections over ${sets} sets of policies\n`,
    );
    if (counts.known > 0)
      process.stdout.write(`${counts.known} of them are otherwise on this network: ${knownFault}\n`);
    expect(differences).toEqual([]);
    expect(counts.open).toBeGreaterThan(100);
    expect(counts.closed).toBeGreaterThan(100);
    expect(asArray(live)).toHaveLength(7);
  });
});
