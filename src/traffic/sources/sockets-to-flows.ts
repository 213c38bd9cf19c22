// From the sockets of a pod to connections with a direction: the end that listens is the one that was called.

import type { Flow } from '../flow.ts';
import type { Socket } from './parse-sockets.ts';

/** All that was seen of one pod's sockets in the whole window. */
export interface PodSamples {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Ports that the containers declare: they tell the direction where the listening socket was not seen. */
  readonly declaredPorts: readonly number[];
  readonly samples: readonly { readonly time: string; readonly sockets: readonly Socket[] }[];
}

function listens(sockets: readonly Socket[]): ReadonlySet<string> {
  return new Set(
    sockets.filter(({ state }) => state === 'listening').map(({ protocol, localPort }) => `${protocol} ${localPort}`),
  );
}

interface Seen {
  readonly flow: Flow;
  readonly connections: Set<string>;
}

/** Key of one connection: a socket that is seen again in the next sample is not a second one. */
function connectionOf({ protocol, localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return [protocol, localAddress, localPort, remoteAddress, remotePort].join(' ');
}

function toFlow(socket: Socket, isServer: boolean, { namespace, pod, container }: PodSamples, time: string): Flow {
  const own = { address: socket.localAddress, namespace, pod };
  const other = { address: socket.remoteAddress };
  return {
    from: isServer ? other : own,
    to: isServer ? own : other,
    protocol: socket.protocol,
    port: isServer ? socket.localPort : socket.remotePort,
    outcome: socket.state === 'attempted' ? 'attempted' : 'connected',
    count: 1,
    time,
    where: `${namespace}/${pod}/${container}`,
  };
}

/**
 * One flow for each peer and port of the server, with the number of different connections. UDP without a peer is no
 * connection. The local port decides: a client's is taken at random and nobody listens there.
 */
export function socketsToFlows(pod: PodSamples): Flow[] {
  const open = listens(pod.samples.flatMap(({ sockets }) => sockets));
  const declared = new Set(pod.declaredPorts);
  const seen = new Map<string, Seen>();
  for (const { time, sockets } of pod.samples)
    for (const socket of sockets) {
      if (socket.state === 'listening' || socket.state === 'closed' || socket.remotePort === 0) continue;
      const isServer =
        open.has(`${socket.protocol} ${socket.localPort}`) ||
        (declared.has(socket.localPort) && !declared.has(socket.remotePort));
      const flow = toFlow(socket, isServer, pod, time);
      const key = `${isServer} ${flow.protocol} ${socket.remoteAddress} ${flow.port} ${socket.localAddress} ${flow.outcome}`;
      const before = seen.get(key) ?? { flow, connections: new Set<string>() };
      before.connections.add(connectionOf(socket));
      seen.set(key, before);
    }
  return [...seen.values()].map(({ flow, connections }) => ({ ...flow, count: connections.size }));
}
