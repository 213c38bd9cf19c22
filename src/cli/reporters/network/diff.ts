// What changes on the network, one connection in each line.

import { type ConnectionsDiff, edgeWords, namesOf, type ReportEdge } from '../../../reachability/index.ts';
import { hang, wrap } from '../../layout.ts';
import { visible } from '../../style.ts';
import { count } from '../words.ts';
import type { NetworkLook } from './text.ts';

/** The ports of all protocols between two ends in one line. */
function linesOf(edges: readonly ReportEdge[], names: ReadonlyMap<string, string>): string[] {
  const byEnds = new Map<string, string[]>();
  for (const edge of edges) {
    const key = `${names.get(edge.from) ?? edge.from} → ${names.get(edge.to) ?? edge.to}`;
    byEnds.set(key, [...(byEnds.get(key) ?? []), edgeWords(edge)]);
  }
  return [...byEnds].map(([ends, words]) => visible(`${ends}  ${words.join('; ')}`));
}

export function renderNetworkDiff(diff: ConnectionsDiff, { style, width }: NetworkLook): string {
  const { added, removed, addedWorkloads, removedWorkloads, unchanged } = diff;
  const names = namesOf([
    ...[...added, ...removed].flatMap(({ from, to }) => [from, to]),
    ...addedWorkloads,
    ...removedWorkloads,
  ]);
  const workloads = (list: readonly string[]): string => list.map((id) => visible(names.get(id) ?? id)).join(', ');
  const lines = [
    ...(addedWorkloads.length === 0 ? [] : hang('  new: ', workloads(addedWorkloads), width)),
    ...(removedWorkloads.length === 0 ? [] : hang('  gone: ', workloads(removedWorkloads), width)),
    ...linesOf(removed, names).flatMap((line) => hang('  - ', line, width).map(style.good)),
    ...linesOf(added, names).flatMap((line) => hang('  + ', line, width).map(style.warn)),
  ];
  const same = lines.length === 0 ? 'the same connections' : `${count(unchanged, 'connection')} the same`;
  const title = visible(`${diff.old} → ${diff.new}: ${same}`);
  return [
    '',
    ...wrap(title, width - 2).map((line) => `  ${style.bold(line)}`),
    ...(lines.length === 0 ? [] : ['', ...lines]),
    '',
    '',
  ].join('\n');
}
