// Parties that reach and are reached alike, taken together: a picture of forty workloads may have four boxes.

import { edgeWords } from '../ports/port-set.ts';
import type { ConnectionsReport, ReportEdge } from './report.ts';

export interface PartyGroup {
  readonly members: readonly string[];
  /** What the members may call at each other; absent where that is nothing. */
  readonly inner?: string;
}

export interface GroupedEdge {
  /** Indexes of groups. */
  readonly from: number;
  readonly to: number;
  /** `TCP 80; UDP 53`, `all ports`; empty where nothing is open as the input stands. */
  readonly words: string;
  /** True where the input does not tell all of it. */
  readonly isUnsure: boolean;
}

export interface Grouped {
  readonly groups: readonly PartyGroup[];
  readonly edges: readonly GroupedEdge[];
}

/** Above it, nobody is compared with everybody. */
const mostCompared = 600;

interface Line {
  words: string;
  isUnsure: boolean;
}

/** Lines by caller and called. */
type Lines = ReadonlyMap<string, ReadonlyMap<string, Line>>;

function linesOf({ edges, unknown }: ConnectionsReport): Lines {
  const lines = new Map<string, Map<string, Line>>();
  const lineOf = ({ from, to }: ReportEdge): Line => {
    const row = lines.get(from) ?? new Map<string, Line>();
    lines.set(from, row);
    const line = row.get(to) ?? { words: '', isUnsure: false };
    row.set(to, line);
    return line;
  };
  for (const edge of edges) {
    const line = lineOf(edge);
    line.words = line.words === '' ? edgeWords(edge) : `${line.words}; ${edgeWords(edge)}`;
  }
  for (const edge of unknown) lineOf(edge).isUnsure = true;
  return lines;
}

function textOf(lines: Lines, from: string, to: string): string {
  const line = lines.get(from)?.get(to);
  return line === undefined ? '' : `${line.words} ${line.isUnsure}`;
}

function partiesOf({ workloads, edges, unknown }: ConnectionsReport): string[] {
  return [...new Set([...workloads, ...[...edges, ...unknown].flatMap(({ from, to }) => [from, to])])];
}

/** Two are alike where all others treat them the same, and each of them the other. */
function isAlike(lines: Lines, parties: readonly string[], [a, b]: readonly [string, string]): boolean {
  if (textOf(lines, a, b) !== textOf(lines, b, a)) return false;
  return parties.every(
    (other) =>
      other === a ||
      other === b ||
      (textOf(lines, a, other) === textOf(lines, b, other) && textOf(lines, other, a) === textOf(lines, other, b)),
  );
}

function kindOf(party: string): string {
  return party.endsWith('[External]') ? 'outside' : party.startsWith('{') ? 'way in' : 'workload';
}

function gather(lines: Lines, parties: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const party of parties) {
    const own =
      parties.length > mostCompared
        ? undefined
        : groups.find(([first = '']) => kindOf(first) === kindOf(party) && isAlike(lines, parties, [first, party]));
    if (own === undefined) groups.push([party]);
    else own.push(party);
  }
  return groups;
}

/** The ingress controller and the world outside come first. */
function rank([first = '']: readonly string[]): number {
  return ['way in', 'outside', 'workload'].indexOf(kindOf(first));
}

export function groupParties(report: ConnectionsReport): Grouped {
  const lines = linesOf(report);
  const groups = gather(lines, partiesOf(report)).sort((a, b) => rank(a) - rank(b));
  const groupOf = new Map(groups.flatMap((members, index) => members.map((member) => [member, index] as const)));
  const edges = groups.flatMap(([first = ''], from) =>
    [...(lines.get(first) ?? [])].flatMap(([to, line]): GroupedEdge[] => {
      const target = groupOf.get(to) ?? 0;
      return target !== from && groups[target]?.[0] === to ? [{ from, to: target, ...line }] : [];
    }),
  );
  return {
    groups: groups.map((members) => {
      const [first = '', second = ''] = members;
      const inner = lines.get(first)?.get(second)?.words ?? '';
      return inner === '' ? { members } : { members, inner };
    }),
    edges,
  };
}
