// Filters of a policy with each kind by the full name of its resource: pure.

import { UserError } from '../../model/index.ts';
import type { KindFilter, ObjectFilters } from '../collect/object-filters.ts';
import type { PolicyFile, ResourceFilter } from './policy-schema.ts';
import { isForAll, toKindFilter } from './resource-filter.ts';

/** A resource by the name that a user writes; `undefined` where the cluster serves none. */
export type FindResource = (name: string) => { readonly fullName: string; readonly namespaced: boolean } | undefined;

/** The two sections of a file of policies that filter kinds. */
export type FilterPolicies = Pick<PolicyFile, 'clusterScopedFilterPolicy' | 'namespacedFilterPolicies'>;

export interface Resolving {
  readonly find: FindResource;
  /** Whether all objects of the resource are left out anyway. */
  readonly excludes: (fullName: string) => boolean;
  /** What is said of a kind that the cluster does not serve. */
  readonly unknown: string;
}

class Resolver {
  readonly remarks: string[] = [];
  private readonly how: Resolving;

  constructor(how: Resolving) {
    this.how = how;
  }

  /** A kind that is not served stays as it was written: it may be a resource that only the backup knows. */
  private fullName(kind: string, namespaced: boolean, where: string): string {
    const found = this.how.find(kind);
    const tell = (why: string): number => this.remarks.push(`${where} filters ${kind}, ${why}`);
    if (found === undefined) tell(this.how.unknown);
    else if (found.namespaced !== namespaced)
      tell(
        namespaced
          ? 'which is in no namespace: see clusterScopedFilterPolicy'
          : 'which is in namespaces: see namespacedFilterPolicies',
      );
    else if (this.how.excludes(found.fullName)) tell('which is excluded: the filter has no effect');
    return found?.fullName ?? kind.toLowerCase();
  }

  resolve(filters: readonly ResourceFilter[], namespaced: boolean, where: string): Record<string, KindFilter> {
    const kinds: Record<string, KindFilter> = {};
    for (const filter of filters.filter((each) => !isForAll(each)))
      for (const kind of filter.kinds ?? []) {
        const name = this.fullName(kind, namespaced, where);
        if (name in kinds)
          throw new UserError('invalid-policies', `${where} has two filters for ${name}`, 'Put them into one.');
        kinds[name] = toKindFilter(filter);
      }
    return kinds;
  }
}

/** Throws `UserError` where one policy has two filters for a resource. */
export function resolveFilters(filters: FilterPolicies, how: Resolving): ObjectFilters {
  const resolver = new Resolver(how);
  const inCluster = resolver.resolve(
    filters.clusterScopedFilterPolicy?.resourceFilters ?? [],
    false,
    'clusterScopedFilterPolicy',
  );
  const inNamespaces = (filters.namespacedFilterPolicies ?? []).map(({ namespaces, resourceFilters }, index) => {
    const others = resourceFilters.find(isForAll);
    return {
      namespaces,
      kinds: resolver.resolve(resourceFilters, true, `namespacedFilterPolicies[${index}]`),
      ...(others === undefined ? {} : { others: toKindFilter(others) }),
    };
  });
  return { inNamespaces, inCluster, remarks: resolver.remarks };
}
