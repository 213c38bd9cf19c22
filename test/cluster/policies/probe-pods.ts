// Pods that listen and knock: which of the others each of them reaches, asked of all at once in one command a pod.

import { type ApiClient, captureInPod } from '../../../src/api/index.ts';
import type { JsonObject } from '../../../src/model/index.ts';

export interface ProbePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of each TCP port; the numbers are swapped between pods, so that names mean different ports. */
  readonly ports: Readonly<Record<'http' | 'alt', number>>;
}

export const udpPort = 5353;
export const tcpPorts = [8080, 8081];

export function podObject({ namespace, name, labels, ports }: ProbePod, image: string): JsonObject {
  const listen = tcpPorts.map((port) => `nc -ll -p ${port} -e cat &`).join(' ');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', `${listen} trap exit TERM; while true; do sleep 1; done`],
          ports: [
            { name: 'http', containerPort: ports.http },
            { name: 'alt', containerPort: ports.alt },
            { name: 'dns', containerPort: udpPort, protocol: 'UDP' },
          ],
        },
      ],
    },
  };
}

export interface Knock {
  readonly address: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/**
 * Nobody listens on UDP here: a packet that gets through is answered with "port unreachable", which traceroute waits for,
 * however many hops away the pod is. It knocks one port above the one it is given.
 */
function udpLine({ address, port }: Knock): string {
  const hops = [1, 2, 3].map((hop) => `traceroute -n -q 1 -w 1 -f ${hop} -m ${hop} -p ${port - 1} ${address} &`);
  return `{ ${hops.join(' ')} wait; } | grep -q ' ${address} .*ms'`;
}

function knockLine(each: Knock, index: number): string {
  const { address, protocol, port } = each;
  const tcp = `echo hello | timeout 5 nc -w 1 ${address} ${port} | grep -q hello`;
  return `( if ${protocol === 'TCP' ? tcp : udpLine(each)}; then echo ${index}; fi ) 2>/dev/null &`;
}

/** The knocks that were answered. `address` may be a name, where the pod may ask for names. */
export async function knock(
  client: ApiClient,
  pod: Pick<ProbePod, 'namespace' | 'name'> & { readonly container?: string },
  knocks: readonly Knock[],
): Promise<ReadonlySet<Knock>> {
  if (knocks.length === 0) return new Set();
  const script = `${knocks.map(knockLine).join('\n')}\nwait`;
  const { stdout } = await captureInPod(client, {
    namespace: pod.namespace,
    pod: pod.name,
    container: pod.container ?? 'main',
    command: ['sh', '-c', script],
  });
  return new Set(stdout.split('\n').flatMap((line) => (line === '' ? [] : (knocks[Number(line)] ?? []))));
}
