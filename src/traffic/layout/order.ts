// Orders the items of each column so that few edges cross, and gives each a height at which its edges run straight.

export interface Item {
  readonly height: number;
  /** Items of the column before and after that it is connected with, and where on both the edge is attached, from the top. */
  readonly before: readonly Attachment[];
  readonly after: readonly Attachment[];
}

export interface Attachment {
  readonly item: number;
  readonly own: number;
  readonly other: number;
}

const sweeps = 12;

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function placesOf(columns: readonly (readonly number[])[]): Map<number, number> {
  return new Map(columns.flatMap((column) => column.map((item, place) => [item, place] as const)));
}

type Line = readonly [left: number, right: number];

function crossingPairs(lines: readonly Line[]): number {
  let total = 0;
  for (const [index, [a, b]] of lines.entries())
    total += lines.slice(index + 1).filter(([c, d]) => (a - c) * (b - d) < 0).length;
  return total;
}

function crossings(columns: readonly (readonly number[])[], items: readonly Item[]): number {
  const places = placesOf(columns);
  const linesOf = (column: readonly number[]): Line[] =>
    column.flatMap((item, place) =>
      (items[item]?.after ?? []).map(({ item: to, other }): Line => [place, (places.get(to) ?? 0) + other / 1e4]),
    );
  return columns.reduce((sum, column) => sum + crossingPairs(linesOf(column)), 0);
}

function sortColumn(
  column: readonly number[],
  items: readonly Item[],
  places: Map<number, number>,
  side: 'before' | 'after',
): number[] {
  const keyed = column.map((item, place) => {
    const around = (items[item]?.[side] ?? []).map((each) => (places.get(each.item) ?? 0) + each.other / 1e4);
    return { item, key: median(around) ?? place };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** The columns in the best order that was found. */
export function orderColumns(columns: readonly (readonly number[])[], items: readonly Item[]): number[][] {
  let current = columns.map((column) => [...column]);
  let best = current;
  let least = crossings(current, items);
  for (let sweep = 0; sweep < sweeps && least > 0; sweep += 1) {
    const side = sweep % 2 === 0 ? 'before' : 'after';
    const next = current.map((column) => [...column]);
    const indexes = [...next.keys()];
    for (const index of side === 'before' ? indexes : indexes.toReversed())
      next[index] = sortColumn(next[index] ?? [], items, placesOf(next), side);
    current = next;
    const count = crossings(current, items);
    if (count < least) [best, least] = [current, count];
  }
  return best;
}

/** The numbers nearest to the wished ones that never fall: neighbours that would are pooled at their mean. */
function risingNearest(wished: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of wished) {
    let pool = { sum: value, count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}

/** Tops of a column's items, each as near to its wish as the distances allow. */
function settle(column: readonly number[], items: readonly Item[], wishes: readonly number[], gap: number): number[] {
  let offset = 0;
  const offsets = column.map((item) => {
    const own = offset;
    offset += (items[item]?.height ?? 0) + gap;
    return own;
  });
  return risingNearest(wishes.map((wish, index) => wish - (offsets[index] ?? 0))).map(
    (value, index) => value + (offsets[index] ?? 0),
  );
}

/** Top of each item; the smallest is 0. */
export function placeItems(columns: readonly (readonly number[])[], items: readonly Item[], gap: number): number[] {
  const tops = Array.from({ length: items.length }, () => 0);
  const assign = (column: readonly number[], values: readonly number[]): void => {
    for (const [index, item] of column.entries()) tops[item] = values[index] ?? 0;
  };
  for (const column of columns)
    assign(
      column,
      settle(
        column,
        items,
        column.map(() => 0),
        gap,
      ),
    );
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const sides = sweep % 2 === 0 ? (['before'] as const) : (['after'] as const);
    // The last sweeps look to both sides.
    const looked = sweep >= sweeps - 4 ? (['before', 'after'] as const) : sides;
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const wishes = column.map((item) => {
        const around = looked.flatMap((side) => items[item]?.[side] ?? []);
        const wished = around.map(({ item: other, own, other: there }) => (tops[other] ?? 0) + there - own);
        return wished.length === 0 ? (tops[item] ?? 0) : wished.reduce((sum, each) => sum + each, 0) / wished.length;
      });
      assign(column, settle(column, items, wishes, gap));
    }
  }
  const least = Math.min(0, ...tops);
  const first = tops.length === 0 ? 0 : Math.min(...tops);
  return tops.map((top) => top - (least < 0 ? least : first));
}
