// One filter of a policy as it was read, in the terms that selections have: pure.

import type { JsonObject } from '../../model/index.ts';
import type { KindFilter } from '../collect/object-filters.ts';
import type { LabelWish, ResourceFilter } from './policy-schema.ts';

/** For each kind that no other filter of the same policy names. */
export function isForAll({ kinds }: ResourceFilter): boolean {
  return (kinds ?? []).length === 0 || (kinds?.length === 1 && kinds[0] === '*');
}

/** Nothing where it asks for nothing: `{}` is as good as left out. */
export function selectorOf(wish: LabelWish | null | undefined): JsonObject | undefined {
  const matchLabels = wish?.matchLabels ?? {};
  const matchExpressions = (wish?.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator,
    ...(values ? { values } : {}),
  }));
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) return undefined;
  return { matchLabels, matchExpressions };
}

export function toKindFilter({ labelSelector, orLabelSelectors, names, excludedNames }: ResourceFilter): KindFilter {
  const selectors = [labelSelector, ...(orLabelSelectors ?? [])].map(selectorOf);
  return {
    selectors: selectors.filter((each) => each !== undefined),
    names: names ?? [],
    excludedNames: excludedNames ?? [],
  };
}
