// Lays a graph out in columns from left to right: boxes never overlap, and long edges pass between boxes, not over them.

import { type Attachment, type Item, orderColumns, placeItems } from './order.ts';
import { findBackward, rankNodes } from './rank.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
  /** Where edges leave, from the top. */
  readonly out: number;
}

export interface Edge {
  /** Indexes of boxes. */
  readonly from: number;
  readonly to: number;
  /** Where it arrives at the box, from the top. */
  readonly at: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Top left corners; all boxes of a column are as wide as the widest. */
  readonly boxes: readonly (Point & { readonly width: number })[];
  /** From the caller to the one that is called; between every second point and the next the line is level. */
  readonly edges: readonly (readonly Point[])[];
}

const gap = 22;
const passage = 10;

/** An edge as a chain of items, always from left to right; `points` are attached from the top of each item. */
interface Chain {
  readonly edge: number;
  readonly isBackward: boolean;
  readonly items: readonly number[];
  readonly start: number;
  readonly end: number;
}

class Grid {
  readonly items: { height: number; column: number; before: Attachment[]; after: Attachment[] }[] = [];
  readonly chains: Chain[] = [];

  addItem(height: number, column: number): number {
    this.items.push({ height, column, before: [], after: [] });
    return this.items.length - 1;
  }

  connect(left: number, right: number, leftAt: number, rightAt: number): void {
    this.items[left]?.after.push({ item: right, own: leftAt, other: rightAt });
    this.items[right]?.before.push({ item: left, own: rightAt, other: leftAt });
  }

  addChain(chain: Omit<Chain, 'items'>, left: number, right: number): void {
    const [from, to] = [this.items[left]?.column ?? 0, this.items[right]?.column ?? 0];
    const items = [left];
    for (let column = from + 1; column < to; column += 1) items.push(this.addItem(passage, column));
    items.push(right);
    for (const [index, item] of items.slice(0, -1).entries()) {
      const next = items[index + 1] ?? right;
      const leftAt = index === 0 ? chain.start : passage / 2;
      this.connect(item, next, leftAt, next === right ? chain.end : passage / 2);
    }
    this.chains.push({ ...chain, items });
  }
}

function toGrid(boxes: readonly Box[], edges: readonly Edge[]): Grid {
  const backward = findBackward(boxes.length, edges);
  const isBackward = ({ from, to }: Edge): boolean => backward.has(`${from} ${to}`);
  const turned = edges.map((edge) => (isBackward(edge) ? { from: edge.to, to: edge.from } : edge));
  const ranks = rankNodes(boxes.length, turned);
  const first = Math.min(...ranks);
  const grid = new Grid();
  for (const [index, { height }] of boxes.entries()) grid.addItem(height, (ranks[index] ?? 0) - first);
  for (const [index, edge] of edges.entries()) {
    if (edge.from === edge.to) continue;
    const out = boxes[edge.from]?.out ?? 0;
    if (isBackward(edge))
      grid.addChain({ edge: index, isBackward: true, start: edge.at, end: out }, edge.to, edge.from);
    else grid.addChain({ edge: index, isBackward: false, start: out, end: edge.at }, edge.from, edge.to);
  }
  return grid;
}

function columnsOf({ items }: Grid): number[][] {
  const columns: number[][] = Array.from({ length: 1 + Math.max(0, ...items.map(({ column }) => column)) }, () => []);
  for (const [index, { column }] of items.entries()) columns[column]?.push(index);
  return columns;
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/** Columns with many edges between them get more room. */
function placeColumns(
  columns: readonly (readonly number[])[],
  boxes: readonly Box[],
  items: readonly Item[],
): Column[] {
  let x = 0;
  return columns.map((column) => {
    const width = Math.max(0, ...column.map((item) => boxes[item]?.width ?? 0));
    const lines = column.reduce((sum, item) => sum + (items[item]?.after.length ?? 0), 0);
    const placed = { x, width };
    x += width + Math.min(170, 70 + lines * 5);
    return placed;
  });
}

function pointsOf(
  { items, start, end, isBackward }: Chain,
  grid: Grid,
  columns: readonly Column[],
  tops: readonly number[],
): Point[] {
  const points = items.flatMap((item, index): Point[] => {
    const column = columns[grid.items[item]?.column ?? 0] ?? { x: 0, width: 0 };
    const isFirst = index === 0;
    const isLast = index === items.length - 1;
    const y = (tops[item] ?? 0) + (isFirst ? start : isLast ? end : passage / 2);
    const [left, right] = [
      { x: column.x, y },
      { x: column.x + column.width, y },
    ];
    return isFirst ? [right] : isLast ? [left] : [left, right];
  });
  return isBackward ? points.reverse() : points;
}

/** Out of the right side and back into it. */
function loop({ from, at }: Edge, boxes: readonly Box[], corner: Point & { width: number }): Point[] {
  const x = corner.x + corner.width;
  return [
    { x, y: corner.y + (boxes[from]?.out ?? 0) },
    { x, y: corner.y + at },
  ];
}

export function layOut(boxes: readonly Box[], edges: readonly Edge[]): Layout {
  const grid = toGrid(boxes, edges);
  const columns = orderColumns(columnsOf(grid), grid.items);
  const tops = placeItems(columns, grid.items, gap);
  const placed = placeColumns(columns, boxes, grid.items);
  const corners = boxes.map((_, index) => {
    const column = placed[grid.items[index]?.column ?? 0] ?? { x: 0, width: 0 };
    return { x: column.x, y: tops[index] ?? 0, width: column.width };
  });
  const paths: Point[][] = edges.map((edge) =>
    edge.from === edge.to ? loop(edge, boxes, corners[edge.from] ?? { x: 0, y: 0, width: 0 }) : [],
  );
  for (const chain of grid.chains) paths[chain.edge] = pointsOf(chain, grid, placed, tops);
  const last = placed.at(-1);
  return {
    width: last === undefined ? 0 : last.x + last.width,
    height: Math.max(0, ...grid.items.map(({ height }, index) => (tops[index] ?? 0) + height)),
    boxes: corners,
    edges: paths,
  };
}
