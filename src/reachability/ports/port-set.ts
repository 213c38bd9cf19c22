// Sets of ports of all protocols, as ranges: what policies let through is built of unions, intersections and differences.

import type { Protocol } from '../ends.ts';

/**
 * Ranges `first, last, first, last, …`, sorted and apart. Protocols lie one behind the other on one line of numbers, so
 * that a set of all of them is as simple as one of one.
 */
export type PortSet = readonly number[];

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
const highest = 65_535;
const offsets: Readonly<Record<Protocol, number>> = { TCP: 0, UDP: 65_536, SCTP: 131_072 };

export const noPorts: PortSet = [];

/** All ports of one protocol, or those from `first` to `last`; none where the range is empty. */
export function portRange(protocol: Protocol, first = 1, last = highest): PortSet {
  const [low, high] = [Math.max(1, first), Math.min(highest, last)];
  return low > high ? noPorts : [offsets[protocol] + low, offsets[protocol] + high];
}

export const allPorts: PortSet = protocols.flatMap((protocol) => portRange(protocol));

/** Sweeps over both sets; `holds` says for each stretch whether it belongs to the result. */
function combine(a: PortSet, b: PortSet, holds: (inA: boolean, inB: boolean) => boolean): PortSet {
  const result: number[] = [];
  let [indexA, indexB] = [0, 0];
  let isIn = false;
  while (indexA < a.length || indexB < b.length) {
    const at = Math.min(edgeOf(a, indexA), edgeOf(b, indexB));
    while (edgeOf(a, indexA) === at) indexA += 1;
    while (edgeOf(b, indexB) === at) indexB += 1;
    const next = holds(indexA % 2 === 1, indexB % 2 === 1);
    if (next !== isIn) result.push(next ? at : at - 1);
    isIn = next;
  }
  return result;
}

/** Where the next stretch begins: a range's first number, or the one behind its last. */
function edgeOf(set: PortSet, index: number): number {
  const value = set[index];
  if (value === undefined) return Number.POSITIVE_INFINITY;
  return index % 2 === 0 ? value : value + 1;
}

export function unitePorts(a: PortSet, b: PortSet): PortSet {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function meetPorts(a: PortSet, b: PortSet): PortSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** What is in the first and not in the second. */
export function withoutPorts(a: PortSet, b: PortSet): PortSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  return meetPorts(set, portRange(protocol, port, port)).length > 0;
}

/** The lowest port of a set that is not empty. */
export function firstPort(set: PortSet): { readonly protocol: Protocol; readonly port: number } {
  const [first = 1] = set;
  const protocol = protocols.findLast((each) => offsets[each] < first) ?? 'TCP';
  return { protocol, port: first - offsets[protocol] };
}

export interface ProtocolPorts {
  /** `All` where every port of every protocol is meant. */
  readonly protocol: Protocol | 'All';
  /** `8080` and `10053-10054`, ascending; absent for all ports. */
  readonly ports?: readonly string[];
}

function rangeWords(set: PortSet, offset: number): string[] {
  const words: string[] = [];
  for (let index = 0; index < set.length; index += 2) {
    const [first, last] = [(set[index] ?? 0) - offset, (set[index + 1] ?? 0) - offset];
    words.push(first === last ? String(first) : `${first}-${last}`);
  }
  return words;
}

/** One entry for each protocol that has ports in the set. */
export function listPorts(set: PortSet): ProtocolPorts[] {
  if (isSamePorts(set, allPorts)) return [{ protocol: 'All' }];
  return protocols.flatMap((protocol): ProtocolPorts[] => {
    const whole = portRange(protocol);
    const own = meetPorts(set, whole);
    if (own.length === 0) return [];
    return isSamePorts(own, whole) ? [{ protocol }] : [{ protocol, ports: rangeWords(own, offsets[protocol]) }];
  });
}

export function isSamePorts(a: PortSet, b: PortSet): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** `TCP 80, 90-99`, `all UDP`, `all ports`. */
export function edgeWords({ protocol, ports }: ProtocolPorts): string {
  if (protocol === 'All') return 'all ports';
  return ports === undefined ? `all ${protocol}` : `${protocol} ${ports.join(', ')}`;
}

/** `TCP 80, 8080-8090; UDP 53`, `all TCP`, `all ports` and `nothing`. */
export function portWords(set: PortSet): string {
  return set.length === 0 ? 'nothing' : listPorts(set).map(edgeWords).join('; ');
}
