// Which resources a backup takes once its policies have a say: what the backup itself includes or excludes goes first. Pure. Source: Velero 1.18.

import { UserError } from '../../model/index.ts';
import { compileGlobs } from '../collect/match-glob.ts';
import type { Selection } from '../collect/selection.ts';
import type { ResourcePolicies } from './parse-policies.ts';
import type { IncludeExcludePolicy } from './policy-schema.ts';
import { type FilterPolicies, type FindResource, resolveFilters } from './resolve-filters.ts';

const scopes = [
  {
    namespaced: false,
    included: 'includedClusterScopedResources',
    excluded: 'excludedClusterScopedResources',
  },
  {
    namespaced: true,
    included: 'includedNamespaceScopedResources',
    excluded: 'excludedNamespaceScopedResources',
  },
] as const;

/** `what`: the section of the policies. Throws `UserError` where Velero refuses the two together. */
export function refuseOldFilters(
  { includedResources = [], excludedResources = [], includeClusterResources }: Selection,
  what: string,
): void {
  if (includedResources.length === 0 && excludedResources.length === 0 && includeClusterResources === undefined) return;
  throw new UserError(
    'invalid-option',
    `${what} does not go together with included, excluded or cluster resources of the backup`,
    'Name resources by their scope instead: --include-namespace-scoped-resources and the three like it.',
  );
}

class Combining {
  private readonly find: FindResource;

  constructor(find: FindResource) {
    this.find = find;
  }

  /** Names of one scope, in full. One that the cluster does not serve excludes nothing; included, it would leave out everything else. */
  private namesOf(names: readonly string[] | null | undefined, namespaced: boolean, isIncluded: boolean): string[] {
    return (names ?? []).flatMap((name) => {
      const found = this.find(name);
      if (found !== undefined) return found.namespaced === namespaced ? [found.fullName] : [];
      if (!isIncluded) return [];
      const advice = 'Correct the includeExcludePolicy; names are those of kubectl api-resources.';
      throw new UserError('unknown-resource', `the cluster serves no resource ${JSON.stringify(name)}`, advice);
    });
  }

  private fullNames(names: readonly string[] = []): string[] {
    return names.map((name) => this.find(name)?.fullName ?? name);
  }

  combine(selection: Selection, policy: IncludeExcludePolicy, scope: (typeof scopes)[number]): Partial<Selection> {
    const { namespaced, included, excluded } = scope;
    const includes = this.fullNames(selection[included]);
    const excludes = this.fullNames(selection[excluded]);
    const isSaid = (name: string): boolean => [includes, excludes].some((list) => compileGlobs(list)(name));
    for (const name of this.namesOf(policy[excluded], namespaced, false)) if (!isSaid(name)) excludes.push(name);
    for (const name of this.namesOf(policy[included], namespaced, true)) if (!isSaid(name)) includes.push(name);
    return {
      ...(includes.length === 0 ? {} : { [included]: includes }),
      ...(excludes.length === 0 ? {} : { [excluded]: excludes }),
    };
  }
}

/** Throws `UserError` where Velero refuses the two together. */
export function combineSelection(selection: Selection, policy: IncludeExcludePolicy, find: FindResource): Selection {
  refuseOldFilters(selection, 'an includeExcludePolicy');
  const combining = new Combining(find);
  return scopes.reduce((each, scope) => ({ ...each, ...combining.combine(selection, policy, scope) }), selection);
}

/** The selection with filters of single kinds. Throws `UserError` where Velero refuses the two together. */
export function filterSelection(selection: Selection, filters: FilterPolicies, find: FindResource): Selection {
  refuseOldFilters(selection, 'a filter policy');
  const { excludedClusterScopedResources = [], excludedNamespaceScopedResources = [] } = selection;
  const excluded = [...excludedClusterScopedResources, ...excludedNamespaceScopedResources];
  const how = { find, excludes: excluding(excluded, find), unknown: 'which the cluster does not serve' };
  return { ...selection, filters: resolveFilters(filters, how) };
}

function excluding(names: readonly string[] = [], find: FindResource): (fullName: string) => boolean {
  return compileGlobs(names.map((name) => find(name)?.fullName ?? name));
}

function refuseSections({ volumePolicies, includeExclude }: ResourcePolicies): void {
  const section = volumePolicies.length > 0 ? 'volumePolicies' : includeExclude && 'includeExcludePolicy';
  if (section === undefined) return;
  const advice = 'Of a restore they say clusterScopedFilterPolicy and namespacedFilterPolicies alone.';
  throw new UserError('invalid-policies', `${section} of resource policies are for backups`, advice);
}

/** What is restored by the same filters. Throws `UserError` for sections that Velero refuses here. */
export function filterRestore(selection: Selection, policies: ResourcePolicies, find: FindResource): Selection {
  refuseSections(policies);
  if (policies.filters === undefined) return selection;
  const unknown = 'which the cluster does not serve: the backup is searched for this kind';
  const how = { find, excludes: excluding(selection.excludedResources, find), unknown };
  return { ...selection, filters: resolveFilters(policies.filters, how) };
}
