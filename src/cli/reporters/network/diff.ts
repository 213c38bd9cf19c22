// What changes on the network, one connection in each line.

import { pushTo } from '../../../model/index.ts';
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
    pushTo(byEnds, key, edgeWords(edge));
  }
  return [...byEnds].map(([ends, words]) => visible(`${ends}  ${words.join('; ')}`));
}

interface Kind {
  readonly mark: string;
  /** Behind the ports. */
  readonly words: string;
  readonly edges: readonly ReportEdge[];
  readonly paint: (text: string) => string;
}

/** Closed before opened before what is not known: each port stands in one of them. */
function kindsOf(diff: ConnectionsDiff, style: NetworkLook['style']): Kind[] {
  const { opened, closed, becameUnknown, becameKnown, assumedOtherwise } = diff;
  const was = (state: string) => becameUnknown.filter((edge) => edge.was === state);
  const is = (state: string) => becameKnown.filter((edge) => edge.is === state);
  const assumed = (isOpen: boolean) => assumedOtherwise.filter(({ assumedOpen }) => assumedOpen === isOpen);
  return [
    { mark: '-', words: '', edges: closed, paint: style.good },
    { mark: '-', words: 'closed; was not known', edges: is('closed'), paint: style.good },
    { mark: '+', words: '', edges: opened, paint: style.warn },
    { mark: '+', words: 'open; was not known', edges: is('open'), paint: style.warn },
    { mark: '?', words: 'not known; was open', edges: was('open'), paint: style.warn },
    { mark: '?', words: 'not known; was closed', edges: was('closed'), paint: style.warn },
    { mark: '?', words: 'not known, assumed open; was assumed closed', edges: assumed(true), paint: style.warn },
    { mark: '?', words: 'not known, assumed closed; was assumed open', edges: assumed(false), paint: style.warn },
  ];
}

export function renderNetworkDiff(diff: ConnectionsDiff, { style, width }: NetworkLook): string {
  const { addedWorkloads, removedWorkloads, unchanged } = diff;
  const kinds = kindsOf(diff, style);
  const names = namesOf([
    ...kinds.flatMap(({ edges }) => edges.flatMap(({ from, to }) => [from, to])),
    ...addedWorkloads,
    ...removedWorkloads,
  ]);
  const workloads = (list: readonly string[]): string => list.map((id) => visible(names.get(id) ?? id)).join(', ');
  const lines = [
    ...(addedWorkloads.length === 0 ? [] : hang('  new: ', workloads(addedWorkloads), width)),
    ...(removedWorkloads.length === 0 ? [] : hang('  gone: ', workloads(removedWorkloads), width)),
    ...kinds.flatMap(({ mark, words, edges, paint }) =>
      linesOf(edges, names).flatMap((line) =>
        hang(`  ${mark} `, words === '' ? line : `${line}  (${words})`, width).map(paint),
      ),
    ),
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
