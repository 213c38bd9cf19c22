// Sorts items into groups that have a key in common, in the order in which the keys come.

import { pushTo } from '../../model/index.ts';

export function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) pushTo(groups, keyOf(item), item);
  return groups;
}
