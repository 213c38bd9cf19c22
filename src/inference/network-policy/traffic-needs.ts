// Needs from connections that are declared in settings or were seen on the network.

import { arrivalsOf } from '../../inventory/index.ts';
import type { TrafficEdge } from '../../traffic/index.ts';
import { needApiServer } from './api-server.ts';
import { containerDoors, type Door } from './doors.ts';
import { type Ledger, nameOfPeer, type Peer, portWords } from './need.ts';
import { type Directory, type Named, peerOfParty } from './peer-of-party.ts';

/** Refused or unanswered attempts are no evidence that something is needed. */
export function isConnected({ seen }: TrafficEdge): boolean {
  return seen.some(({ outcome }) => outcome === 'connected');
}

type Reached = Extract<Named, { peer: unknown }>;

function evidenceOf({ declared, seen }: TrafficEdge): string[] {
  const told = declared.map(({ what, position }) =>
    position === undefined ? what : `${what} (${position.file}:${position.line})`,
  );
  const [first] = seen.filter(({ outcome }) => outcome === 'connected');
  return [...told, ...(first === undefined ? [] : [`seen in ${first.where}`])];
}

/** Where no port was told: all those that the Service leads to, or that the pods declare. */
function doorsOf({ inventory }: Directory, edge: TrafficEdge, to: Peer): Door[] {
  const { protocol, port, service } = edge;
  if (port !== undefined) return [{ protocol, port }];
  if (to.kind !== 'workload') return [{ protocol }];
  const { workload } = to;
  const services = inventory
    .selectorsOf(workload, '/Service')
    .filter(({ namespace, name }) => service === undefined || service === `${namespace}/${name}`);
  const arrivals = services
    .flatMap((each) => arrivalsOf(inventory, each, undefined))
    .filter((arrival) => arrival.workload === workload && arrival.port !== undefined);
  const told = arrivals.map((arrival) => ({ protocol: arrival.protocol, port: arrival.port ?? 0 }));
  const own = containerDoors(workload).filter((each) => each.protocol === protocol);
  const found = told.length > 0 ? told : own;
  return found.length > 0 ? found : [{ protocol }];
}

/** All ports where the Service names that of the pods. */
function doorBehind({ protocol, port }: TrafficEdge, behind: NonNullable<Reached['behind']>): Door {
  const target = behind(port);
  return target === undefined ? { protocol } : { protocol, port: target };
}

function cutEdge(ledger: Ledger, edge: TrafficEdge, { why, absent }: Extract<Named, { why: string }>): void {
  const name = ({ namespace, name: text }: TrafficEdge['from']): string =>
    namespace === undefined ? text : `${namespace}/${text}`;
  const [from, to, port] = [name(edge.from), name(edge.to), portWords(edge)];
  if (absent === undefined) ledger.cut({ from, to, port, why });
  else ledger.decide({ about: `${from} → ${to}, ${port}`, ...absent });
}

function takeEdge(ledger: Ledger, directory: Directory, edge: TrafficEdge): void {
  const from = peerOfParty(directory, edge.from);
  const to = peerOfParty(directory, edge.to);
  if (!('peer' in from)) return cutEdge(ledger, edge, from);
  if (!('peer' in to)) return cutEdge(ledger, edge, to);
  const shared = {
    from: from.peer,
    to: to.peer,
    isDeclared: edge.declared.length > 0,
    isSeen: isConnected(edge),
    why: evidenceOf(edge),
  };
  const doors = to.behind === undefined ? doorsOf(directory, edge, to.peer) : [doorBehind(edge, to.behind)];
  for (const door of doors) {
    ledger.need({ ...shared, ...door });
    const about = `${nameOfPeer(from.peer)} → ${to.peer.kind === 'workload' ? nameOfPeer(to.peer) : edge.to.name}, ${portWords(door)}`;
    for (const { decision } of [from, to]) if (decision !== undefined) ledger.decide({ about, ...decision });
    if (door.port === undefined)
      ledger.decide({
        about,
        done: 'nobody told the port: all ports are opened',
        advice: 'Declare the ports of the container, or watch its sockets with --context.',
      });
  }
}

function takeApiCall(ledger: Ledger, directory: Directory, edge: TrafficEdge): void {
  const { from, declared } = edge;
  needApiServer(ledger, directory, {
    from,
    why: evidenceOf(edge),
    isDeclared: declared.length > 0,
    isSeen: isConnected(edge),
  });
}

/** Edges without a workload that policies hold are nobody's business here. */
export function takeTraffic(
  ledger: Ledger,
  directory: Directory,
  edges: readonly TrafficEdge[],
  isSubject: (id: string) => boolean,
): void {
  for (const edge of edges) {
    if (!isSubject(edge.from.id) && !isSubject(edge.to.id)) continue;
    if (edge.declared.length === 0 && !isConnected(edge)) continue;
    if (edge.to.kind === 'api-server') takeApiCall(ledger, directory, edge);
    else takeEdge(ledger, directory, edge);
  }
}
