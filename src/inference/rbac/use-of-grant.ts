// What of a grant was used: the rule is taken into its parts, and each part held against what was asked for.

import type { Grant } from '../../inventory/rights/effective-rights.ts';
import { partsOf } from '../../kube/rbac-parts.ts';
import { type PolicyRule, ruleAllows, ruleAllowsUrl } from '../../kube/rbac.ts';
import { isResourceNeed, latest, type Need, type NeedUse } from './need.ts';

/**
 * `used`: every verb on every resource that the rule names; `partly`: some of them, or of a wildcard what it stands for; `never`: nothing
 * in the window. Names do not count: who read one ConfigMap has used the right to read ConfigMaps.
 */
export type UseState = 'used' | 'partly' | 'never';

export interface GrantUse {
  readonly grant: Grant;
  readonly state: UseState;
  /** Needs that the rule allows. */
  readonly used: readonly NeedUse[];
  readonly requests: number;
  /** Milliseconds since 1970. */
  readonly last?: number;
  /** Parts that nobody used: `delete pods`, `get /metrics`. */
  readonly unused: readonly string[];
  /** It names a wildcard that stands for more than was used of it. */
  readonly hasWildcard: boolean;
}

/** Whether a rule of a place allows a need; paths that are no resources are granted for the whole cluster only. */
function allows(rule: PolicyRule, scope: string, need: Need): boolean {
  if (!isResourceNeed(need)) return scope === '' && ruleAllowsUrl(rule, need.verb, need.url);
  return (scope === '' || scope === need.namespace) && ruleAllows(rule, need);
}

function isWildcard({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): boolean {
  return [...verbs, ...apiGroups, ...resources].includes('*') || nonResourceURLs.some((url) => url.endsWith('*'));
}

function partText({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): string {
  const [verb = ''] = verbs;
  const [url] = nonResourceURLs;
  if (url !== undefined) return `${verb} ${url}`;
  const [group = ''] = apiGroups;
  return `${verb} ${resources[0] ?? ''}${group === '' ? '' : `.${group}`}`;
}

export function useOfGrant(grant: Grant, uses: readonly NeedUse[]): GrantUse {
  const { rule, scope } = grant;
  const used = uses.filter(({ need }) => allows(rule, scope, need));
  const unnamed = partsOf({ ...rule, resourceNames: [] });
  const unused = unnamed.filter((part) => !used.some(({ need }) => allows(part, scope, need)));
  const hasWildcard = unnamed.some(isWildcard);
  const last = used.reduce<number | undefined>((time, each) => latest(time, each.last), undefined);
  return {
    grant,
    state: used.length === 0 ? 'never' : unused.length > 0 || hasWildcard ? 'partly' : 'used',
    used,
    requests: used.reduce((sum, { events }) => sum + events, 0),
    ...(last === undefined ? {} : { last }),
    unused: [...new Set(unused.map(partText))],
    hasWildcard,
  };
}
