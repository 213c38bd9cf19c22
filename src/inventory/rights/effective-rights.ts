// Who may do something, and what somebody may do: every grant with the binding, the role and the rule that give it.

import type { Inventory } from '../inventory.ts';
import { type PolicyRule, type ResourceRequest, ruleAllowsUrl, ruleCovers } from '../../kube/rbac.ts';
import {
  allBindings,
  type Binding,
  bindingsOf,
  type Identity,
  identityKey,
  identityOf,
  type RoleName,
  rulesOf,
} from './bindings.ts';

/** A request for a resource, or for a path that is none, such as `/metrics`. */
export type Asked =
  | { readonly kind: 'resource'; readonly request: ResourceRequest }
  | { readonly kind: 'url'; readonly verb: string; readonly url: string };

export interface Grant {
  /** Where the right holds: a namespace, or '' for the whole cluster. */
  readonly scope: string;
  readonly binding: Binding;
  readonly role: RoleName;
  /** Place in the role's `rules`. */
  readonly index: number;
  readonly rule: PolicyRule;
}

export interface Holder {
  readonly identity: Identity;
  readonly grants: readonly Grant[];
}

export interface Holders {
  readonly holders: readonly Holder[];
  /** Bindings whose role is neither in the input nor built in: what they give is not known. */
  readonly open: readonly Binding[];
}

/** A rule for some names counts where no name is asked for: it allows the request for those. */
function isGranted(rule: PolicyRule, asked: Asked): boolean {
  if (asked.kind === 'url') return ruleAllowsUrl(rule, asked.verb, asked.url);
  const { name } = asked.request;
  const named = name === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
  return named && ruleCovers(rule, asked.request);
}

export function grantsOf(inventory: Inventory, binding: Binding, isWanted: (rule: PolicyRule) => boolean): Grant[] {
  const { role, scope } = binding;
  const rules = rulesOf(inventory, role) ?? [];
  return rules.flatMap((rule, index) => (isWanted(rule) ? [{ scope, binding, role, index, rule }] : []));
}

function isOpen(inventory: Inventory, { role }: Binding): boolean {
  return rulesOf(inventory, role) === undefined;
}

/** `namespace` limits the answer to what holds there; paths that are no resources are granted cluster-wide only. */
export function whoCan(inventory: Inventory, asked: Asked, namespace?: string): Holders {
  const reaches = ({ scope }: Binding): boolean =>
    scope === '' || (asked.kind === 'resource' && (namespace === undefined || scope === namespace));
  const bindings = allBindings(inventory).filter(reaches);
  const holders = new Map<string, { identity: Identity; grants: Grant[] }>();
  for (const binding of bindings) {
    const grants = grantsOf(inventory, binding, (rule) => isGranted(rule, asked));
    if (grants.length === 0) continue;
    for (const identity of binding.subjects.map(identityOf)) {
      const key = identityKey(identity);
      const holder = holders.get(key) ?? { identity, grants: [] };
      holder.grants.push(...grants);
      holders.set(key, holder);
    }
  }
  return { holders: [...holders.values()], open: bindings.filter((binding) => isOpen(inventory, binding)) };
}

export interface Rights {
  readonly grants: readonly Grant[];
  readonly open: readonly Binding[];
}

/** All that the identity may do, by itself and by the groups that the API server puts it into. */
export function whatCan(inventory: Inventory, identity: Identity): Rights {
  const bindings = bindingsOf(inventory, identityOf(identity));
  return {
    grants: bindings.flatMap((binding) => grantsOf(inventory, binding, () => true)),
    open: bindings.filter((binding) => isOpen(inventory, binding)),
  };
}
