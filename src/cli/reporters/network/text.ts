// The connections of an app for a terminal: the table, what is open on which ports, what else may come, and what is not known.

import {
  type ConnectionsReport,
  edgeWords,
  type Exposure,
  type Grouped,
  groupParties,
  namesOf,
} from '../../../reachability/index.ts';
import { hang, padEnd, stringWidth, wrap } from '../../layout.ts';
import { visible } from '../../style.ts';
import { count, shownSource } from '../words.ts';
import { matrixKey, matrixLines } from './matrix.ts';
import { enforcementWords, openWords, shortNames } from './words.ts';
import type { Look } from '../look.ts';

export interface NetworkLook extends Look {
  /** Where nothing is left out to save lines. */
  readonly showAll: boolean;
}

function header(report: ConnectionsReport, { style, width }: NetworkLook): string[] {
  const { source, workloads, policies } = report;
  const facts = `${count(workloads.length, 'workload')}, ${count(policies, 'policy', 'policies')}`;
  const ink = report.enforcement.enforced === false && policies > 0 ? style.bad : style.dim;
  const title = shownSource(source);
  const isShort = stringWidth(title) + facts.length + 6 <= width;
  return [
    '',
    ...(isShort
      ? [`  ${style.bold(title)}    ${facts}`]
      : [...wrap(title, width - 2).map((line) => `  ${style.bold(line)}`), `  ${facts}`]),
    ...wrap(enforcementWords(report), width - 2).map((line) => `  ${ink(line)}`),
  ];
}

interface Row {
  readonly from: string;
  readonly to: string;
  readonly words: string;
  readonly isUnsure: boolean;
}

function rowsOf({ groups, edges }: Grouped, names: readonly string[]): Row[] {
  const inner = groups.flatMap(({ inner: words }, index): Row[] =>
    words === undefined ? [] : [{ from: names[index] ?? '', to: 'each other', words, isUnsure: false }],
  );
  return [...inner, ...edges.map((edge) => ({ ...edge, from: names[edge.from] ?? '', to: names[edge.to] ?? '' }))];
}

function rowLines({ from, to, words, isUnsure }: Row, label: number, { style, width }: NetworkLook): string[] {
  const ends = `${from} → ${to}`;
  const ports = openWords(words, isUnsure);
  const ink = isUnsure || words === 'all ports' ? style.warn : (text: string) => text;
  if (stringWidth(ends) <= label && label + 4 + stringWidth(ports) <= width)
    return [`  ${padEnd(ends, label)}  ${ink(ports)}`];
  return [...hang('  ', ends, width), ...hang('      ', ports, width).map(ink)];
}

/** More lines than that nobody reads: `-o list` is for them. */
const mostLines = 200;

function connectionLines(rows: readonly Row[], look: NetworkLook): string[] {
  const shown = look.showAll ? rows : rows.slice(0, mostLines);
  const rest = rows.length - shown.length;
  const widest = shown.reduce((most, { from, to }) => Math.max(most, stringWidth(from) + stringWidth(to) + 3), 0);
  const label = Math.min(Math.floor(look.width * 0.65), widest);
  const lines = shown.flatMap((row) => rowLines(row, label, look));
  return rest === 0 ? lines : [...lines, `  and ${rest} more (--all, or -o list)`];
}

const directionWords = { ingress: 'may be called by', egress: 'may call' } as const;

function strangerWords({ kind, who }: Exposure, names: ReadonlyMap<string, string>): string {
  if (kind !== 'outside') return who;
  const words = names.get(who) ?? who;
  return words.startsWith('outside') ? words.replace('outside', 'any address outside') : words;
}

const mostNamed = 4;

function subjectWords(workloads: readonly string[], total: number, showAll: boolean): string {
  if (workloads.length === total && total > 1) return `all ${count(total, 'workload')}`;
  const shown = showAll ? workloads : workloads.slice(0, mostNamed);
  const rest = workloads.length - shown.length;
  return `${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`;
}

interface Opening {
  readonly workloads: string[];
  readonly direction: Exposure['direction'];
  readonly who: string;
  readonly words: string;
}

/** For each direction, stranger and set of ports: the workloads that are open like that. */
function openingsOf(report: ConnectionsReport): Opening[] {
  const names = namesOf([...report.workloads, ...report.exposure.map(({ who }) => who)]);
  const ports = new Map<string, { entry: Exposure; words: string }>();
  for (const entry of report.exposure) {
    const key = `${entry.workload} ${entry.direction} ${entry.who}`;
    const words = ports.get(key)?.words;
    ports.set(key, { entry, words: words === undefined ? edgeWords(entry) : `${words}; ${edgeWords(entry)}` });
  }
  const openings = new Map<string, Opening>();
  for (const { entry, words } of ports.values()) {
    const { direction } = entry;
    const who = strangerWords(entry, names);
    const key = `${direction} ${words} ${who}`;
    const opening = openings.get(key) ?? { workloads: [], direction, who, words };
    opening.workloads.push(names.get(entry.workload) ?? entry.workload);
    openings.set(key, opening);
  }
  return [...openings.values()];
}

/** All who are open to the same strangers on the same ports, in one line. */
function exposureLines(report: ConnectionsReport, { width, showAll }: NetworkLook): string[] {
  const lines = new Map<string, { opening: Opening; strangers: string[] }>();
  for (const opening of openingsOf(report)) {
    const key = `${opening.direction} ${opening.words} ${opening.workloads.join(' ')}`;
    const line = lines.get(key) ?? { opening, strangers: [] };
    line.strangers.push(opening.who);
    lines.set(key, line);
  }
  return [...lines.values()].flatMap(({ opening: { workloads, direction, words }, strangers }) => {
    const subject = subjectWords(workloads, report.workloads.length, showAll);
    return hang('  ', visible(`${subject} ${directionWords[direction]} ${strangers.join(', ')} on ${words}`), width);
  });
}

const mostUnknown = 8;

function unknownLines({ unknown, workloads }: ConnectionsReport, { width, showAll }: NetworkLook): string[] {
  const names = namesOf([...workloads, ...unknown.flatMap(({ from, to }) => [from, to])]);
  const byReason = new Map<string, Map<string, string[]>>();
  for (const { from, to, why, ...ports } of unknown) {
    const ends = `${names.get(from) ?? from} → ${names.get(to) ?? to}`;
    const edges = byReason.get(why) ?? new Map<string, string[]>();
    byReason.set(why, edges.set(ends, [...(edges.get(ends) ?? []), edgeWords(ports)]));
  }
  return [...byReason].flatMap(([why, byEnds]) => {
    const edges = [...byEnds].map(([ends, ports]) => `${ends}  ${ports.join('; ')}`);
    const shown = showAll ? edges : edges.slice(0, mostUnknown);
    const rest = edges.length - shown.length;
    return [
      ...hang('  ', visible(why), width),
      ...shown.flatMap((text) => hang('    ', visible(text), width)),
      ...(rest === 0 ? [] : [`    and ${rest} more (--all)`]),
    ];
  });
}

function section(title: string, lines: readonly string[], { style }: NetworkLook): string[] {
  return lines.length === 0 ? [] : ['', `  ${style.bold(title)}`, ...lines];
}

export function renderNetworkText(report: ConnectionsReport, look: NetworkLook): string {
  const grouped = groupParties(report);
  const { names, legend } = shortNames(report, grouped);
  const { style, width } = look;
  const matrix = matrixLines(grouped, { style, width, names });
  const key = wrap(`row calls column   ${matrixKey}`, width - 2).map((line) => `  ${style.dim(line.trim())}`);
  const table = matrix.length === 0 ? [] : [...key, '', ...matrix];
  const rows = rowsOf(grouped, names);
  const letters = legend.flatMap((line) => hang('  ', line, width));
  return [
    ...header(report, look),
    ...section('Who reaches whom', table, look),
    ...(letters.length === 0 ? [] : ['', ...letters.map(style.dim)]),
    ...section('Open', rows.length === 0 ? ['  nothing'] : connectionLines(rows, look), look),
    ...section('Open to what is not here yet', exposureLines(report, look), look),
    ...section('Not known', unknownLines(report, look), look),
    '',
    '',
  ].join('\n');
}
