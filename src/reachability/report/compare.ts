// What changes between two sets of connections: by meaning, whatever policies it comes from.

import type { Direction } from '../../kube/network-policy.ts';
import type { Connections } from '../engine/connections.ts';
import type { WorkloadParty } from '../engine/parties.ts';
import { type AddressRange, rangeId } from '../engine/ranges.ts';
import { certain, type Graded } from '../engine/grades.ts';
import { allPorts, isSamePorts, listPorts, meetPorts, noPorts, type PortSet, withoutPorts } from '../ports/port-set.ts';
import type { ReportEdge } from './report.ts';

export interface ConnectionsDiff {
  readonly schema: 'nowwhat.dev/connections-diff/v1';
  readonly old: string;
  readonly new: string;
  /** Workloads that only one of them has. */
  readonly addedWorkloads: readonly string[];
  readonly removedWorkloads: readonly string[];
  /** Ports that are open in the new one only, as far as the inputs stand: what is not known is taken for open or closed. */
  readonly added: readonly ReportEdge[];
  readonly removed: readonly ReportEdge[];
  /** Ports that were closed for sure, and are open for sure. */
  readonly opened: readonly ReportEdge[];
  /** Ports that were open for sure, and are closed for sure. */
  readonly closed: readonly ReportEdge[];
  readonly becameUnknown: readonly BecameUnknown[];
  readonly becameKnown: readonly BecameKnown[];
  /** Neither input tells, and each is taken for something else. */
  readonly assumedOtherwise: readonly AssumedOtherwise[];
  /** Connections of which nothing is otherwise, what is not known of them neither. */
  readonly unchanged: number;
}

/** The old input tells of these ports, the new one does not. */
export interface BecameUnknown extends ReportEdge {
  readonly was: 'open' | 'closed';
}

/** The new input tells of these ports, the old one did not. */
export interface BecameKnown extends ReportEdge {
  readonly is: 'open' | 'closed';
}

export interface AssumedOtherwise extends ReportEdge {
  /** What it is taken for now. */
  readonly assumedOpen: boolean;
}

interface Change {
  readonly before: Graded;
  readonly after: Graded;
}

interface Pair extends Change {
  readonly from: string;
  readonly to: string;
}

type Piece = AddressRange & Change;

const closed = certain(noPorts);

function isSameGraded(a: Graded, b: Graded): boolean {
  return isSamePorts(a.sure, b.sure) && isSamePorts(a.read, b.read) && isSamePorts(a.possible, b.possible);
}

function portsAt(
  found: Connections,
  workload: WorkloadParty | undefined,
  piece: AddressRange,
  direction: Direction,
): Graded {
  if (workload === undefined) return closed;
  const range = found.rangeOf({ family: piece.family, value: piece.first }, direction);
  return range === undefined ? closed : found.withRange(workload, range, direction);
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
      isSameGraded(before.before, piece.before) &&
      isSameGraded(before.after, piece.after);
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
    if (isPlain({ from, to })) pairs.set(`${from} ${to}`, { from, to, before: ports, after: closed });
  for (const { from, to, ports } of after.edges()) {
    if (!isPlain({ from, to })) continue;
    const known = pairs.get(`${from} ${to}`);
    pairs.set(`${from} ${to}`, { from, to, before: known?.before ?? closed, after: ports });
  }
  return [...pairs.values()];
}

function unknownIn({ sure, possible }: Graded): PortSet {
  return withoutPorts(possible, sure);
}

type Edges = (portsOf: (pair: Pair) => PortSet) => ReportEdge[];

/** What one input tells of and the other does not. */
function knowledge(edges: Edges): Pick<ConnectionsDiff, 'becameUnknown' | 'becameKnown' | 'assumedOtherwise'> {
  const lost = (ports: (was: Graded) => PortSet) =>
    edges(({ before, after }) => meetPorts(unknownIn(after), ports(before)));
  const won = (ports: (is: Graded) => PortSet) =>
    edges(({ before, after }) => meetPorts(unknownIn(before), ports(after)));
  const sure = (graded: Graded): PortSet => graded.sure;
  const shut = ({ possible }: Graded): PortSet => withoutPorts(allPorts, possible);
  const still = (ports: (pair: Pair) => PortSet) =>
    edges((pair) => meetPorts(ports(pair), meetPorts(unknownIn(pair.before), unknownIn(pair.after))));
  return {
    becameUnknown: [
      ...lost(sure).map((edge) => ({ ...edge, was: 'open' as const })),
      ...lost(shut).map((edge) => ({ ...edge, was: 'closed' as const })),
    ],
    becameKnown: [
      ...won(sure).map((edge) => ({ ...edge, is: 'open' as const })),
      ...won(shut).map((edge) => ({ ...edge, is: 'closed' as const })),
    ],
    assumedOtherwise: [
      ...still(({ before, after }) => withoutPorts(after.read, before.read)).map((edge) => ({
        ...edge,
        assumedOpen: true,
      })),
      ...still(({ before, after }) => withoutPorts(before.read, after.read)).map((edge) => ({
        ...edge,
        assumedOpen: false,
      })),
    ],
  };
}

/** True where nothing changes, nor what is known. */
export function isSameNetwork(diff: ConnectionsDiff): boolean {
  const { added, removed, opened, becameUnknown, becameKnown } = diff;
  return [added, removed, opened, diff.closed, becameUnknown, becameKnown].every((list) => list.length === 0);
}

export function compareConnections(both: Both, names: { readonly old: string; readonly new: string }): ConnectionsDiff {
  const [before, after] = [both.old, both.new].map(({ workloads }) => workloads.map(({ id }) => id));
  const ids = [...new Set([...(before ?? []), ...(after ?? [])])].sort();
  const outside = ids.flatMap((id) =>
    (['ingress', 'egress'] as const).flatMap((direction) => outsidePairs(both, id, direction)),
  );
  const pairs = [...plainPairs(both), ...outside];
  const edges = (portsOf: (pair: Pair) => PortSet): ReportEdge[] =>
    pairs.flatMap((pair) => listPorts(portsOf(pair)).map((each) => ({ from: pair.from, to: pair.to, ...each })));
  return {
    schema: 'nowwhat.dev/connections-diff/v1',
    ...names,
    addedWorkloads: ids.filter((id) => both.old.workload(id) === undefined),
    removedWorkloads: ids.filter((id) => both.new.workload(id) === undefined),
    added: edges(({ before: was, after: is }) => withoutPorts(is.read, was.read)),
    removed: edges(({ before: was, after: is }) => withoutPorts(was.read, is.read)),
    opened: edges(({ before: was, after: is }) => withoutPorts(is.sure, was.possible)),
    closed: edges(({ before: was, after: is }) => withoutPorts(was.sure, is.possible)),
    ...knowledge(edges),
    unchanged: pairs.filter(({ before: was, after: is }) => was.read.length > 0 && isSameGraded(was, is)).length,
  };
}
