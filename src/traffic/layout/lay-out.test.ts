import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, type Edge, layOut } from './lay-out.ts';

const box = fc
  .record({ width: fc.integer({ min: 80, max: 260 }), height: fc.integer({ min: 30, max: 120 }) })
  .map((size): Box => ({ ...size, out: 12 }));

/** Any graph: circles, loops, several edges between two boxes, boxes apart from all others. */
const graph = fc.array(box, { minLength: 1, maxLength: 16 }).chain((boxes) =>
  fc.record({
    boxes: fc.constant(boxes),
    edges: fc.array(
      fc.record({
        from: fc.nat({ max: boxes.length - 1 }),
        to: fc.nat({ max: boxes.length - 1 }),
        at: fc.integer({ min: 5, max: 25 }),
      }),
      { maxLength: 40 },
    ),
  }),
);

const chainOf = (count: number): { boxes: Box[]; edges: Edge[] } => ({
  boxes: Array.from({ length: count }, () => ({ width: 100, height: 40, out: 20 })),
  edges: Array.from({ length: count - 1 }, (_, from) => ({ from, to: from + 1, at: 20 })),
});

describe('a layout', () => {
  it('has no overlapping boxes, and edges pass over none', () => {
    fc.assert(
      fc.property(graph, ({ boxes, edges }) => {
        const layout = layOut(boxes, edges);
        const rectangles = layout.boxes.map(({ x, y, width }, index) => ({
          x,
          y,
          width,
          height: boxes[index]?.height ?? 0,
        }));
        for (const [index, a] of rectangles.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(0);
          expect(a.y).toBeGreaterThanOrEqual(-1e-6);
          expect(a.x + a.width).toBeLessThanOrEqual(layout.width);
          expect(a.y + a.height).toBeLessThanOrEqual(layout.height + 1e-6);
          for (const b of rectangles.slice(index + 1)) {
            const isApart =
              a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y + 1e-6 || b.y + b.height < a.y + 1e-6;
            expect(isApart).toBe(true);
          }
        }
        // The level pieces are those that go through a column.
        for (const points of layout.edges)
          for (let index = 1; index + 1 < points.length; index += 2) {
            const [left, right] = [points[index], points[index + 1]].sort((a, b) => (a?.x ?? 0) - (b?.x ?? 0));
            const hit = rectangles.filter(
              ({ x, y, width, height }) =>
                x < (right?.x ?? 0) && x + width > (left?.x ?? 0) && (left?.y ?? 0) > y && (left?.y ?? 0) < y + height,
            );
            expect(hit).toEqual([]);
          }
      }),
      { numRuns: 400 },
    );
  });

  it('leads every edge from its caller to where it arrives', () => {
    fc.assert(
      fc.property(graph, ({ boxes, edges }) => {
        const layout = layOut(boxes, edges);
        for (const [index, { from, to, at }] of edges.entries()) {
          const points = layout.edges[index] ?? [];
          const [start, end] = [layout.boxes[from], layout.boxes[to]];
          expect(points[0]?.y).toBeCloseTo((start?.y ?? 0) + 12);
          expect(points.at(-1)?.y).toBeCloseTo((end?.y ?? 0) + at);
          const sides = [start, end].map((each) => [each?.x, (each?.x ?? 0) + (each?.width ?? 0)]);
          expect(sides[0]).toContain(points[0]?.x);
          expect(sides[1]).toContain(points.at(-1)?.x);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of a chain is a straight line from left to right', () => {
    const { boxes, edges } = chainOf(5);
    const layout = layOut(boxes, edges);
    expect(new Set(layout.boxes.map(({ y }) => y)).size).toBe(1);
    expect(layout.boxes.map(({ x }) => x)).toEqual(layout.boxes.map(({ x }) => x).toSorted((a, b) => a - b));
  });

  it('of nothing is nothing', () => {
    expect(layOut([], [])).toEqual({ width: 0, height: 0, boxes: [], edges: [] });
  });
});
