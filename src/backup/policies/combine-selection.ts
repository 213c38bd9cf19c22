// Which resources a backup takes once its policies have a say: what the backup itself includes or excludes goes first. Pure. Source: Velero 1.18.

import { UserError } from '../../model/index.ts';
import { compileGlobs } from '../collect/match-glob.ts';
import type { Selection } from '../collect/selection.ts';
import type { IncludeExcludePolicy } from './policy-schema.ts';

/** A resource by the name that a user writes; `undefined` where the cluster serves none. */
export type FindResource = (name: string) => { readonly fullName: string; readonly namespaced: boolean } | undefined;

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

function refuseOldFilters({
  includedResources = [],
  excludedResources = [],
  includeClusterResources,
}: Selection): void {
  if (includedResources.length === 0 && excludedResources.length === 0 && includeClusterResources === undefined) return;
  throw new UserError(
    'invalid-option',
    'an includeExcludePolicy does not go together with included, excluded or cluster resources of the backup',
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
  refuseOldFilters(selection);
  const combining = new Combining(find);
  return scopes.reduce((each, scope) => ({ ...each, ...combining.combine(selection, policy, scope) }), selection);
}
