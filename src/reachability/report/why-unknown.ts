// Why nobody can tell whether a connection is open: what the judge of single connections says of one of its ports.

import type { Direction } from '../../kube/network-policy.ts';
import type { Connections, Edge, SidePair } from '../engine/connections.ts';
import { judgeSide } from '../judge-connection.ts';
import { firstPort, type PortSet } from '../ports/port-set.ts';

const byPlugin = 'pods in the network of their node are held to policies by some network plugins only';

function isHost({ own, peer }: SidePair): boolean {
  return own.isHostNetwork || (peer.kind === 'pod' && peer.isHostNetwork);
}

/** Asked once for each side, kind of pod, kind of peer and port: thousands of edges have few reasons. */
export class UnknownReasons {
  private readonly found: Connections;
  private readonly known = new Map<string, string>();

  constructor(found: Connections) {
    this.found = found;
  }

  of(edge: Edge, ports: PortSet): string {
    const reasons = [...this.ofSide('egress', edge, ports), ...this.ofSide('ingress', edge, ports)];
    const told = [...new Set(reasons.filter((each) => each !== ''))];
    return (told.includes(byPlugin) ? byPlugin : told.join('; ')) || 'what is not in the input decides';
  }

  private ofSide(direction: Direction, { from, to }: Edge, ports: PortSet): string[] {
    const [own, peer] = direction === 'egress' ? [from, to] : [to, from];
    const workload = this.found.workload(own);
    if (workload === undefined) return [];
    return this.found.pairsOf(direction, workload, peer).map((pair) => this.ofPair(direction, pair, ports));
  }

  private ofPair(direction: Direction, pair: SidePair, ports: PortSet): string {
    if (isHost(pair)) return byPlugin;
    const asked = firstPort(ports);
    const key = `${pair.key} ${asked.protocol} ${asked.port}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const { own, peer } = pair;
    const ends = direction === 'egress' ? { from: own, to: peer } : { from: peer, to: own };
    const judged = judgeSide(direction, { ...ends, ...asked }, own, this.found.set);
    const why = judged.verdict === 'unknown' ? judged.why : '';
    this.known.set(key, why);
    return why;
  }
}
