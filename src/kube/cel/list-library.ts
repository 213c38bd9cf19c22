// The lists and sets libraries of Kubernetes' CEL, and the smallest and largest of a list.

import type { Environment } from '@marcbachmann/cel-js';

type Item = bigint | number | string | boolean;

function compare(a: Item, b: Item): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'bigint' && typeof b === 'number') return Number(a) === b;
  if (typeof a === 'number' && typeof b === 'bigint') return a === Number(b);
  return a === b || JSON.stringify(a, bigintsAsText) === JSON.stringify(b, bigintsAsText);
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function extreme(list: readonly Item[], wanted: -1 | 1): Item {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${wanted === -1 ? 'min' : 'max'} of an empty list`);
  return rest.reduce((best, item) => (Math.sign(compare(item, best)) === wanted ? item : best), first);
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  if (list.every((item) => typeof item === 'bigint'))
    return list.reduce<bigint>((total, item) => total + BigInt(item), 0n);
  return list.reduce<number>((total, item) => total + Number(item), 0);
}

function contains(list: readonly unknown[], others: readonly unknown[]): boolean {
  return others.every((other) => list.some((item) => same(item, other)));
}

export function addListLibrary(environment: Environment): void {
  environment
    .registerFunction('list<dyn>.isSorted(): bool', (list: readonly Item[]) =>
      list.every((item, index) => index === 0 || compare(list[index - 1] ?? item, item) <= 0),
    )
    .registerFunction('list<dyn>.sum(): dyn', sum)
    .registerFunction('list<dyn>.min(): dyn', (list: readonly Item[]) => extreme(list, -1))
    .registerFunction('list<dyn>.max(): dyn', (list: readonly Item[]) => extreme(list, 1))
    .registerFunction('list<dyn>.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findIndex((each) => same(each, item))),
    )
    .registerFunction('list<dyn>.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findLastIndex((each) => same(each, item))),
    );
  class SetsNamespace {}
  environment
    .registerType('SetsNamespace', { ctor: SetsNamespace, fields: {} })
    .registerConstant('sets', 'SetsNamespace', new SetsNamespace())
    .registerFunction(
      'SetsNamespace.contains(list<dyn>, list<dyn>): bool',
      (_: unknown, list: unknown[], others: unknown[]) => contains(list, others),
    )
    .registerFunction(
      'SetsNamespace.equivalent(list<dyn>, list<dyn>): bool',
      (_: unknown, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
    )
    .registerFunction(
      'SetsNamespace.intersects(list<dyn>, list<dyn>): bool',
      (_: unknown, a: unknown[], b: unknown[]) => a.some((item) => contains(b, [item])),
    );
}
