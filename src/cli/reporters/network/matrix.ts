// Who reaches whom as a table: one row for each caller, one column for each one that is called.

import type { Grouped, GroupedEdge } from '../../../reachability/index.ts';
import { padEnd, padStart, stringWidth, truncate } from '../../layout.ts';
import type { Style } from '../../style.ts';
import type { Look } from '../look.ts';

const all = '●';
const some = '◐';
const unsure = '?';
const none = '·';

function markOf(edge: GroupedEdge | undefined, style: Style): string {
  if (edge === undefined) return style.dim(none);
  if (edge.words === 'all ports') return edge.isUnsure ? style.warn(unsure) : style.warn(all);
  if (edge.isUnsure) return style.warn(unsure);
  return style.good(some);
}

export interface MatrixLook extends Look {
  /** Of each group. */
  readonly names: readonly string[];
}

/** Columns that anybody reaches, and rows that reach anybody; a group of several has a mark on the diagonal. */
export function matrixLines({ groups, edges }: Grouped, { style, width, names }: MatrixLook): string[] {
  const byEnds = new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge]));
  const isInner = (index: number): boolean => groups[index]?.inner !== undefined;
  const indexes = [...groups.keys()];
  const [callers, called] = [new Set(edges.map(({ from }) => from)), new Set(edges.map(({ to }) => to))];
  const rows = indexes.filter((index) => isInner(index) || callers.has(index));
  const columns = indexes.filter((index) => isInner(index) || called.has(index));
  const label = Math.min(Math.max(0, ...names.map((name) => stringWidth(name))), Math.max(16, Math.floor(width * 0.4)));
  const cell = String(groups.length).length + 1;
  const number = String(groups.length).length;
  if (4 + number + 1 + label + columns.length * cell > width) return [];
  const head = ' '.repeat(3 + number + label) + columns.map((index) => padStart(String(index + 1), cell)).join('');
  const body = rows.map((from) => {
    const name = padEnd(truncate(names[from] ?? '', label), label);
    const marks = columns.map((to) => {
      const inner = groups[from]?.inner;
      const own = from === to && inner !== undefined ? { from, to, words: inner, isUnsure: false } : undefined;
      const mark = from === to && own === undefined ? ' ' : markOf(own ?? byEnds.get(`${from} ${to}`), style);
      return ' '.repeat(cell - 1) + mark;
    });
    return `  ${style.dim(padStart(String(from + 1), number))} ${name}${marks.join('')}`.trimEnd();
  });
  const only = columns.filter((index) => !rows.includes(index));
  return [
    style.dim(head),
    ...body,
    ...only.map(
      (index) => `  ${style.dim(padStart(String(index + 1), number))} ${truncate(names[index] ?? '', label)}`,
    ),
  ];
}

export const matrixKey = `${all} all ports   ${some} some ports   ${unsure} not known   ${none} nothing`;
