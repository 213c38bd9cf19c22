import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson, type Json } from './index.ts';

function reversed(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reversed(each as Json)]),
  );
}

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

describe('equal JSON', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isSameJson(value, reversed(value))).toBe(true);
      }),
    );
  });

  it('tells different values apart', () => {
    expect(isSameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(isSameJson({ a: 1, c: 1 }, { a: 1, b: 1 })).toBe(false);
    expect(isSameJson([1, 2], [2, 1])).toBe(false);
    expect(isSameJson([], {})).toBe(false);
    expect(isSameJson(null, undefined)).toBe(false);
    expect(isSameJson('1', 1)).toBe(false);
  });
});
