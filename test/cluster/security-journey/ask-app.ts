// Who reaches whom in a running app, asked from inside of its own pods.

import { type ApiClient, captureInPod } from '../../../src/api/index.ts';
import { asArray, asNumber, asObject, asString, inParallel, type JsonObject } from '../../../src/model/index.ts';
import { knock } from '../policies/probe-pods.ts';

/** One pod of a workload, which stands for all of them. */
export interface AppPod {
  readonly workload: string;
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly address: string;
  /** TCP ports that it declares. */
  readonly ports: readonly number[];
  /** The same by their names. */
  readonly named: Readonly<Record<string, number>>;
  readonly labels: JsonObject;
}

function portsOf(container: JsonObject): number[] {
  return asArray(container['ports'])
    .map(asObject)
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ containerPort }) => asNumber(containerPort) ?? []);
}

function namedPortsOf(container: JsonObject): [string, number][] {
  return asArray(container['ports'])
    .map(asObject)
    .flatMap(({ name, containerPort }) => {
      const [text, number] = [asString(name), asNumber(containerPort)];
      return text === undefined || number === undefined ? [] : [[text, number] as [string, number]];
    });
}

/** `web-6d4cf56db6-x2x9z` of a Deployment, `db-0` of a StatefulSet, `logs-x2x9z` of a DaemonSet. */
function workloadOf({ metadata }: JsonObject): string {
  const { name, ownerReferences } = asObject(metadata);
  const owner = asObject(asArray(ownerReferences)[0]);
  const ownerName = asString(owner['name']) ?? asString(name) ?? '';
  return owner['kind'] === 'ReplicaSet' ? ownerName.replace(/-[a-z0-9]+$/, '') : ownerName;
}

function isReady({ metadata, status }: JsonObject): boolean {
  const conditions = asArray(asObject(status)['conditions']).map(asObject);
  const isGoing = asObject(metadata)['deletionTimestamp'] !== undefined;
  return !isGoing && conditions.some((each) => each['type'] === 'Ready' && each['status'] === 'True');
}

export async function listPods(client: ApiClient, namespace: string): Promise<JsonObject[]> {
  const { items } = await client.request({ path: `/api/v1/namespaces/${namespace}/pods` });
  return asArray(items).map(asObject);
}

/** The first ready pod of each workload, by the name of the workload. */
export async function findAppPods(client: ApiClient, namespace: string): Promise<Map<string, AppPod>> {
  const found = new Map<string, AppPod>();
  for (const pod of (await listPods(client, namespace)).filter(isReady)) {
    const workload = workloadOf(pod);
    const containers = asArray(asObject(pod['spec'])['containers']).map(asObject);
    const address = asString(asObject(pod['status'])['podIP']) ?? '';
    const name = asString(asObject(pod['metadata'])['name']) ?? '';
    const container = asString(containers[0]?.['name']) ?? '';
    const ports = containers.flatMap(portsOf);
    const named = Object.fromEntries(containers.flatMap(namedPortsOf));
    const labels = asObject(asObject(pod['metadata'])['labels']);
    if (!found.has(workload))
      found.set(workload, { workload, namespace, name, container, address, ports, named, labels });
  }
  return found;
}

/** A connection to try: to a name and port of a Service, or to a pod itself. */
export interface Try {
  readonly from: AppPod;
  readonly to: string;
  readonly address: string;
  readonly port: number;
}

export function wordsOf({ from, to, port }: Try): string {
  return `${from.workload} → ${to}:${port}`;
}

/** Most of their knocks are not answered, which takes a second each time. */
const callersAtOnce = 4;

/** The words of those that were answered, sorted. Each is tried again where it was not: a listener may just have been busy. */
export async function findOpen(client: ApiClient, tries: readonly Try[], rounds = 4): Promise<string[]> {
  const open = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const left = tries.filter((each) => !open.has(wordsOf(each)));
    await inParallel([...new Set(left.map((each) => each.from))], callersAtOnce, async (from) => {
      const own = left.filter((each) => each.from === from);
      const knocks = own.map(({ address, port }) => ({ address, port, protocol: 'TCP' as const }));
      const answered = await knock(client, from, knocks);
      for (const [index, each] of own.entries()) {
        const asked = knocks[index];
        if (asked !== undefined && answered.has(asked)) open.add(wordsOf(each));
      }
    });
  }
  return [...open].toSorted();
}

/** A server of TLS answers a plain request with a complaint. */
export async function reachesApiServer(client: ApiClient, pod: AppPod): Promise<boolean> {
  const { namespace, name, container } = pod;
  const ask = 'timeout 4 wget -q -O- http://kubernetes.default.svc:443/ 2>&1 | grep -q 400 && echo open';
  const command = ['sh', '-c', ask];
  const { stdout } = await captureInPod(client, { namespace, pod: name, container, command });
  return stdout.trim() === 'open';
}
