// The traffic of an app for a terminal: what asks for a look first, then what is as declared, then what was covered.

import {
  connectionsOf,
  type EdgeStatus,
  hasOneNamespace,
  isSeenThoughBlocked,
  nameOfParty,
  policyWords,
  portWords,
  statusOrder,
  statusWords,
  type TrafficEdge,
  type TrafficReport,
} from '../../../traffic/index.ts';
import { hang, padEnd, truncate, widestOf } from '../../layout.ts';
import { type Style, visible } from '../../style.ts';
import { count, shownSource } from '../words.ts';
import { coverageLines, windowWords } from './coverage.ts';
import type { Look } from '../look.ts';

export interface TrafficLook extends Look {
  /** Where every edge is declared, and by whom it was seen. */
  readonly showAll: boolean;
}

const marks: Readonly<Record<EdgeStatus, string>> = {
  'not-declared': '!',
  'declared-not-seen': '○',
  outside: '↗',
  'declared-and-seen': '✓',
};

function inkOf(style: Style, status: EdgeStatus): (text: string) => string {
  const inks = { 'not-declared': style.warn, 'declared-not-seen': style.dim, outside: style.info };
  return status === 'declared-and-seen' ? style.good : inks[status];
}

function seenWords(edge: TrafficEdge, isObserved: boolean): string {
  const { seen } = edge;
  if (!isObserved) return '';
  if (seen.length === 0) return 'not seen';
  if (seen.every(({ outcome }) => outcome === 'dropped')) return 'seen, dropped';
  if (seen.every(({ outcome }) => outcome !== 'connected')) return 'seen, no answer';
  const number = connectionsOf(edge);
  return number === 0 ? 'seen' : `seen ${number}×`;
}

interface Row {
  readonly edge: TrafficEdge;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly policy: string;
  readonly seen: string;
}

function toRow(edge: TrafficEdge, report: TrafficReport): Row {
  const isShort = hasOneNamespace(report);
  const isObserved = report.window.sources.length > 0;
  return {
    edge,
    from: visible(nameOfParty(edge.from, isShort)),
    to: visible(nameOfParty(edge.to, isShort)),
    port: portWords(edge),
    policy: policyWords(edge).verdict,
    seen: `${seenWords(edge, isObserved)}${edge.status === 'outside' && edge.declared.length === 0 ? ', not declared' : ''}`,
  };
}

function inkOfPolicy(style: Style, verdict: string): (text: string) => string {
  if (verdict === 'blocked') return (text) => style.bold(style.bad(text));
  return verdict === 'allowed' ? style.good : style.dim;
}

interface Columns {
  readonly from: number;
  readonly to: number;
  readonly port: number;
  readonly policy: number;
}

function columnsOf(rows: readonly Row[], width: number): Columns | undefined {
  const widest = (pick: (row: Row) => string): number => widestOf(rows.map(pick));
  const [port, policy, seen] = [widest((row) => row.port), widest((row) => row.policy), widest((row) => row.seen)];
  const room = width - port - policy - seen - 4 - 3 - 6;
  const [from, to] = [widest((row) => row.from), widest((row) => row.to)];
  if (from + to <= room) return { from, to, port, policy };
  const half = Math.floor(room / 2);
  // Too narrow for a table: each edge gets lines of its own.
  return half < 14 ? undefined : { from: Math.min(from, half), to: Math.min(to, half), port, policy };
}

function tableLine(row: Row, columns: Columns, { style }: TrafficLook): string {
  const { status } = row.edge;
  const from = padEnd(truncate(row.from, columns.from), columns.from);
  const to = padEnd(truncate(row.to, columns.to), columns.to);
  const policy = inkOfPolicy(style, row.policy)(padEnd(row.policy, columns.policy));
  return `  ${inkOf(style, status)(marks[status])} ${from} ${style.dim('→')} ${to}  ${padEnd(row.port, columns.port)}  ${policy}  ${row.seen}`.trimEnd();
}

function narrowLines(row: Row, { style, width }: TrafficLook): string[] {
  const { status } = row.edge;
  return [
    ...hang(`  ${inkOf(style, status)(marks[status])} `, `${row.from} → ${row.to}`, width),
    ...hang('      ', [row.port, row.policy, row.seen].filter((each) => each !== '').join(', '), width).map(style.dim),
  ];
}

function sourceWords({ declared, seen }: TrafficEdge, showAll: boolean): string[] {
  const most = showAll ? undefined : 1;
  return [
    ...declared
      .slice(0, most)
      .map(({ what, position }) => `${what}${position === undefined ? '' : `  ${position.file}:${position.line}`}`),
    ...seen.slice(0, most).map(({ where }) => `seen in ${where}`),
  ];
}

/** Why it is blocked, where it is declared, where it was seen: what does not fit into a row. */
function detailLines(edge: TrafficEdge, isObserved: boolean, { style, width, showAll }: TrafficLook): string[] {
  const { verdict, why } = policyWords(edge);
  const isTold = showAll || (isObserved && edge.status !== 'declared-and-seen') || verdict === 'blocked';
  const lines = (text: string, ink: (line: string) => string): string[] =>
    hang('      ', visible(text), width).map(ink);
  return [
    ...(verdict === 'blocked' ? lines(why, style.bad) : []),
    ...(verdict === 'not known' && isTold ? lines(why, style.dim) : []),
    ...(isSeenThoughBlocked(edge)
      ? lines('it was seen all the same: does the network enforce policies?', style.warn)
      : []),
    ...(isTold ? sourceWords(edge, showAll).flatMap((text) => lines(text, style.dim)) : []),
  ];
}

function sectionLines(status: EdgeStatus, report: TrafficReport, look: TrafficLook): string[] {
  const rows = report.edges.filter((edge) => edge.status === status).map((edge) => toRow(edge, report));
  if (rows.length === 0) return [];
  const columns = columnsOf(rows, look.width);
  const isObserved = report.window.sources.length > 0;
  const words = isObserved || status === 'outside' ? statusWords[status] : 'declared';
  return [
    `  ${look.style.bold(`${words.slice(0, 1).toUpperCase()}${words.slice(1)}`)} ${look.style.dim(String(rows.length))}`,
    ...rows.flatMap((row) => [
      ...(columns === undefined ? narrowLines(row, look) : [tableLine(row, columns, look)]),
      ...detailLines(row.edge, isObserved, look),
    ]),
    '',
  ];
}

function headline({ edges, source, window }: TrafficReport): string {
  const number = (status: EdgeStatus): number => edges.filter((edge) => edge.status === status).length;
  const blocked = edges.filter(({ isBlocked }) => isBlocked === true).length;
  const seen = [
    `${number('declared-and-seen')} as declared`,
    `${number('not-declared')} not declared`,
    `${number('declared-not-seen')} never seen`,
  ];
  return [
    `${shownSource(source)}: ${count(edges.length, 'connection')}`,
    ...(window.sources.length === 0 ? [] : seen),
    ...(number('outside') === 0 ? [] : [`${number('outside')} to outside`]),
    ...(blocked === 0 ? [] : [`${blocked} that policies block`]),
  ].join(', ');
}

export function renderTrafficText(report: TrafficReport, look: TrafficLook): string {
  return [
    '',
    ...hang('  ', headline(report), look.width),
    ...hang('  ', windowWords(report.window), look.width).map(look.style.dim),
    '',
    ...statusOrder.flatMap((status) => sectionLines(status, report, look)),
    ...coverageLines(report, look),
    '',
  ].join('\n');
}
