// What changes between two sets of connections: by meaning, whatever policies it comes from.

import type { Direction } from '../../kube/network-policy.ts';
import type { Connections } from '../engine/connections.ts';
import type { WorkloadParty } from '../engine/parties.ts';
import { type AddressRange, rangeId } from '../engine/ranges.ts';
import { isSamePorts, listPorts, noPorts, type PortSet, withoutPorts } from '../ports/port-set.ts';
import type { ReportEdge } from './report.ts';

export interface ConnectionsDiff {
  readonly schema: 'nowwhat.dev/connections-diff/v1';
  readonly old: string;
  readonly new: string;
  /** Workloads that only one of them has. */
  readonly addedWorkloads: readonly string[];
  readonly removedWorkloads: readonly string[];
  /** Ports that are open in the new one only, as far as the inputs stand. */
  readonly added: readonly ReportEdge[];
  readonly removed: readonly ReportEdge[];
  readonly unchanged: number;
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly before: PortSet;
  readonly after: PortSet;
}

type Piece = AddressRange & { readonly before: PortSet; readonly after: PortSet };

function portsAt(
  found: Connections,
  workload: WorkloadParty | undefined,
  piece: AddressRange,
  direction: Direction,
): PortSet {
  if (workload === undefined) return noPorts;
  const range = found.rangeOf({ family: piece.family, value: piece.first }, direction);
  return range === undefined ? noPorts : found.withRange(workload, range, direction).read;
}

/** Both inputs cut the addresses in their own way: what is compared are the pieces of both. */
function piecesOf(ranges: readonly AddressRange[]): AddressRange[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = ranges.filter((range) => range.family === family);
    const starts = [...new Set(own.map(({ first }) => first))].sort((a, b) => (a < b ? -1 : 1));
    const end = own.reduce((last, range) => (range.last > last ? range.last : last), 0n);
    return starts.map((first, index) => ({ family, first, last: (starts[index + 1] ?? end + 1n) - 1n }));
  });
}

/** Neighbours that change alike are one piece. */
function mergePieces(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const before = merged.at(-1);
    const isAlike =
      before?.family === piece.family &&
      isSamePorts(before.before, piece.before) &&
      isSamePorts(before.after, piece.after);
    if (before !== undefined && isAlike) merged[merged.length - 1] = { ...before, last: piece.last };
    else merged.push(piece);
  }
  return merged;
}

interface Both {
  readonly old: Connections;
  readonly new: Connections;
}

function outsidePairs({ old: before, new: after }: Both, id: string, direction: Direction): Pair[] {
  const pieces = piecesOf([...before.ranges[direction], ...after.ranges[direction]]).map((piece) => ({
    ...piece,
    before: portsAt(before, before.workload(id), piece, direction),
    after: portsAt(after, after.workload(id), piece, direction),
  }));
  return mergePieces(pieces).map((piece) => {
    const [from, to] = direction === 'ingress' ? [rangeId(piece), id] : [id, rangeId(piece)];
    return { from, to, before: piece.before, after: piece.after };
  });
}

function isPlain(edge: { readonly from: string; readonly to: string }): boolean {
  return !edge.from.endsWith('[External]') && !edge.to.endsWith('[External]');
}

function plainPairs({ old: before, new: after }: Both): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { from, to, ports } of before.edges())
    if (isPlain({ from, to })) pairs.set(`${from} ${to}`, { from, to, before: ports.read, after: noPorts });
  for (const { from, to, ports } of after.edges()) {
    if (!isPlain({ from, to })) continue;
    const known = pairs.get(`${from} ${to}`);
    pairs.set(`${from} ${to}`, { from, to, before: known?.before ?? noPorts, after: ports.read });
  }
  return [...pairs.values()];
}

export function compareConnections(both: Both, names: { readonly old: string; readonly new: string }): ConnectionsDiff {
  const [before, after] = [both.old, both.new].map(({ workloads }) => workloads.map(({ id }) => id));
  const ids = [...new Set([...(before ?? []), ...(after ?? [])])].sort();
  const outside = ids.flatMap((id) =>
    (['ingress', 'egress'] as const).flatMap((direction) => outsidePairs(both, id, direction)),
  );
  const pairs = [...plainPairs(both), ...outside];
  const told = ({ from, to }: Pair, ports: PortSet): ReportEdge[] =>
    listPorts(ports).map((each) => ({ from, to, ...each }));
  return {
    schema: 'nowwhat.dev/connections-diff/v1',
    ...names,
    addedWorkloads: ids.filter((id) => both.old.workload(id) === undefined),
    removedWorkloads: ids.filter((id) => both.new.workload(id) === undefined),
    added: pairs.flatMap((pair) => told(pair, withoutPorts(pair.after, pair.before))),
    removed: pairs.flatMap((pair) => told(pair, withoutPorts(pair.before, pair.after))),
    unchanged: pairs.filter((pair) => pair.before.length > 0 && isSamePorts(pair.before, pair.after)).length,
  };
}
