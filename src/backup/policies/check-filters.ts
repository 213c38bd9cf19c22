// What Velero's own validation refuses of filters of single kinds, each with its place: pure. Source: Velero 1.18, internal/resourcepolicies.

import { compileSelector } from '../../kube/selectors.ts';
import { type Path, UserError } from '../../model/index.ts';
import { compileGlobs } from '../collect/match-glob.ts';
import type { PolicyFile, ResourceFilter } from './policy-schema.ts';
import { isForAll, selectorOf } from './resource-filter.ts';

export interface FilterFault {
  readonly path: Path;
  readonly what: string;
}

type Faults = Generator<FilterFault>;

function globFault(pattern: string): string | undefined {
  try {
    compileGlobs([pattern]);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return `is no pattern: ${error.message}`;
    throw error;
  }
}

function namespaceFault(pattern: string): string | undefined {
  if (/[|()!{},]/.test(pattern)) return 'has a character that patterns of namespaces do not take: | ( ) ! { } ,';
  if (pattern.includes('**')) return 'has two stars in a row';
  return /^(?:[^[\]]|\[[^\]]+\])*$/.test(pattern) ? globFault(pattern) : 'has a "[" or "]" without the other';
}

function* selectorFaults({ labelSelector, orLabelSelectors }: ResourceFilter, path: Path): Faults {
  const alternatives = orLabelSelectors ?? [];
  const own = selectorOf(labelSelector);
  if (own !== undefined && alternatives.length > 0)
    yield { path: [...path, 'orLabelSelectors'], what: 'does not go together with labelSelector' };
  const { invalid } = compileSelector(own);
  if (own !== undefined && invalid !== undefined) yield { path: [...path, 'labelSelector'], what: invalid };
  for (const [index, each] of alternatives.entries()) {
    const wrong = compileSelector(selectorOf(each)).invalid;
    if (wrong !== undefined) yield { path: [...path, 'orLabelSelectors', index], what: wrong };
  }
}

function* nameFaults(filter: ResourceFilter, path: Path): Faults {
  for (const list of ['names', 'excludedNames'] as const)
    for (const [index, pattern] of (filter[list] ?? []).entries()) {
      const what = isForAll(filter) ? 'does not go together with a filter for all kinds' : globFault(pattern);
      if (what !== undefined) yield { path: [...path, list, index], what };
    }
}

function* kindFaults(filters: readonly ResourceFilter[], path: Path): Faults {
  const known = new Set<string>();
  for (const [index, filter] of filters.entries()) {
    // All filters without kinds are one to this.
    for (const kind of isForAll(filter) ? ['*'] : (filter.kinds ?? [])) {
      const place = [...path, index, 'kinds'];
      if (kind === '*' && !isForAll(filter)) yield { path: place, what: 'must be either * or names' };
      if (known.has(kind)) yield { path: place, what: `has ${kind === '*' ? 'all kinds' : kind} once more` };
      known.add(kind);
    }
  }
}

function* filterFaults(filters: readonly ResourceFilter[], path: Path): Faults {
  yield* kindFaults(filters, path);
  for (const [index, filter] of filters.entries()) {
    yield* selectorFaults(filter, [...path, index]);
    yield* nameFaults(filter, [...path, index]);
  }
}

function* clusterFaults({ clusterScopedFilterPolicy }: PolicyFile): Faults {
  const path = ['clusterScopedFilterPolicy', 'resourceFilters'];
  const filters = clusterScopedFilterPolicy?.resourceFilters ?? [];
  for (const [index, filter] of filters.entries())
    if (isForAll(filter))
      yield { path: [...path, index], what: 'must name kinds: all kinds are filtered in namespaces only' };
  yield* filterFaults(filters, path);
}

/** The first is enough to refuse the file. */
export function* findFilterFaults(file: PolicyFile): Faults {
  yield* clusterFaults(file);
  const known = new Set<string>();
  for (const [index, { namespaces, resourceFilters }] of (file.namespacedFilterPolicies ?? []).entries()) {
    for (const [at, pattern] of namespaces.entries()) {
      const what = known.has(pattern) ? 'is named once more' : namespaceFault(pattern);
      if (what !== undefined) yield { path: ['namespacedFilterPolicies', index, 'namespaces', at], what };
      known.add(pattern);
    }
    yield* filterFaults(resourceFilters, ['namespacedFilterPolicies', index, 'resourceFilters']);
  }
}
