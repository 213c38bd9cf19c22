// What rules give beyond the calls that they were made for, counted part by part: one verb, one resource, one name, one place.

import { partsOf } from '../../kube/rbac-parts.ts';
import { resourceText } from '../../kube/rbac.ts';
import { pushTo } from '../../model/index.ts';
import type { ScopedRules } from './infer-rules.ts';
import { isResourceNeed, type Need, needKey, type ResourceNeed } from './need.ts';

/**
 * Why a part is more than was asked for: `verb` was never used on the resource in that place, `any-name` where only some names were,
 * `any-namespace` where only some namespaces were.
 */
export type BeyondReason = 'verb' | 'any-name' | 'any-namespace';

export interface Beyond {
  /** `watch pods in shop`. */
  readonly what: string;
  readonly reason: BeyondReason;
}

/** One verb on one resource with its place and name, as a need has them. */
type Part = ResourceNeed;

function toParts({ scope, rules }: ScopedRules): Part[] {
  return rules.flatMap(partsOf).flatMap(({ verbs, apiGroups, resources, resourceNames }) => {
    const [verb = ''] = verbs;
    const [path] = resources;
    if (path === undefined) return [];
    const [resource = '', subresource] = path.split('/');
    const [name] = resourceNames;
    return {
      verb,
      group: apiGroups[0] ?? '',
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      namespace: scope,
      ...(name === undefined ? {} : { name }),
    };
  });
}

/** The same verb on the same resource, wherever and whatever it is called. */
function kindKey(need: ResourceNeed): string {
  const { name: _, ...rest } = need;
  return needKey({ ...rest, namespace: '' });
}

function reasonOf(part: Part, alike: readonly ResourceNeed[]): BeyondReason {
  const inside = alike.filter(({ namespace }) => part.namespace === '' || namespace === part.namespace);
  const named = inside.filter(({ name }) => part.name === undefined || name === part.name || name === undefined);
  if (named.length === 0) return 'verb';
  return part.namespace === '' && named.every(({ namespace }) => namespace !== '') ? 'any-namespace' : 'any-name';
}

function textOf(part: Part): string {
  const named = part.name === undefined ? '' : ` "${part.name}"`;
  return `${part.verb} ${resourceText(part)}${named}${part.namespace === '' ? ' everywhere' : ` in ${part.namespace}`}`;
}

export interface GrantCount {
  /** Parts that the rules give in all. */
  readonly granted: number;
  readonly beyond: readonly Beyond[];
}

/** Paths that are no resources are granted one by one, so that none is beyond. */
export function findBeyond(scoped: readonly ScopedRules[], needs: readonly Need[]): GrantCount {
  const resources = needs.filter(isResourceNeed);
  const asked = new Set(resources.map(needKey));
  const byKind = new Map<string, ResourceNeed[]>();
  for (const need of resources) pushTo(byKind, kindKey(need), need);
  const parts = scoped.flatMap(toParts);
  const urls = scoped.flatMap(({ rules }) => rules.flatMap(partsOf)).length - parts.length;
  const beyond = parts
    .filter((part) => !asked.has(needKey(part)))
    .map((part) => ({ what: textOf(part), reason: reasonOf(part, byKind.get(kindKey(part)) ?? []) }));
  return { granted: parts.length + urls, beyond };
}
