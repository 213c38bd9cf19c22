import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const variables = { items: [5, 1, 3], pairs: { a: 1, b: 2 }, none: [], nested: [[1, 2], [3]] };

function evaluate(source: string): unknown {
  const result = compileExpression(source, 'test').evaluate(variables);
  return result.ok ? result.value : `error: ${result.error}`;
}

// Expected values as cel-go's documentation of ext.TwoVarComprehensions gives them.
it.each([
  ['items.all(i, v, v > i)', false],
  ['items.all(i, v, i < 3 && v > 0)', true],
  ['none.all(i, v, false)', true],
  ['pairs.all(k, v, k != "c" && v < 3)', true],
  ['items.exists(i, v, i == 2 && v == 3)', true],
  ['pairs.exists(k, v, k == "a" && v == 2)', false],
  ['items.existsOne(i, v, v > 2)', false],
  ['items.existsOne(i, v, i > 0 && v > 2)', true],
  ['items.transformList(i, v, i * 10 + v)', [5, 11, 23]],
  ['items.transformList(i, v, v > 2, i)', [0, 2]],
  ['pairs.transformList(k, v, k + string(v))', ['a1', 'b2']],
  ['pairs.transformMap(k, v, v * 2)', { a: 2, b: 4 }],
  ['pairs.transformMap(k, v, k != "a", v)', { b: 2 }],
  ['items.transformMap(i, v, v)', { 0: 5, 1: 1, 2: 3 }],
  ['pairs.transformMapEntry(k, v, {string(v): k})', { 1: 'a', 2: 'b' }],
  ['items.transformMapEntry(i, v, v > 2, {string(v): i})', { 5: 0, 3: 2 }],
  ['nested.all(i, row, row.all(j, v, v > i + j))', true],
  ['nested.transformList(i, row, row.transformList(j, v, i + j + v))', [[1, 3], [4]]],
  ['items.map(v, v > 1, v)', [5, 3]],
])('%s is %j', (source, value) => {
  expect(evaluate(source)).toEqual(value);
});

describe('a comprehension with two variables', () => {
  it('says no where two entries get one key, or there is nothing to go over', () => {
    expect(evaluate('items.transformMapEntry(i, v, {"same": v})')).toMatch(/^error: .*two entries have the key same/);
    expect(evaluate('pairs.a.all(i, v, true)')).toMatch(/^error: .*over a list or a map/);
  });

  it('counts as a loop, like any other', () => {
    expect(() => evaluate('items.all(a, b, items.all(c, d, items.all(e, f, true)))')).toThrow(/nested 3 deep/);
  });

  it('needs names for its variables', () => {
    expect(evaluate('items.all(1, v, true)')).toMatch(/^error: found no matching overload/);
  });
});
