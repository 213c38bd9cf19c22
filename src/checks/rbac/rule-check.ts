// The shape of the checks on roles: a rule that says too much, told with who holds the role and where.

import type { Inventory } from '../../inventory/index.ts';
import { parseRules, type PolicyRule } from '../../kube/rbac.ts';
import type { CheckMeta, Diagnostic, KubeObject, Severity } from '../../model/index.ts';
import { type CheckContext, objectCheck, type ObjectCheck } from '../check.ts';
import {
  aggregatesInto,
  type Binding,
  bindingsTo,
  isBootstrapped,
  roleKinds,
  roleNameOf,
  subjectText,
} from '../../inventory/rights/bindings.ts';

export interface RuleFinding {
  readonly evidence: string;
  readonly severity?: Severity;
}

export interface RuleFacts {
  /** Completes `lets X …`: `read Secrets`. */
  readonly ability: string;
  /** Ends the sentence: what comes of it. */
  readonly consequence: string;
  /** True for resources outside namespaces: bindings within a namespace give nothing. */
  readonly clusterScoped?: boolean;
  /** Further condition on the role and the places where it holds: a namespace, or '' for the whole cluster. */
  readonly reaches?: (scopes: readonly string[], role: KubeObject) => boolean;
  /** Says what is wrong with a rule; the first one of a role is told. */
  readonly find: (rule: PolicyRule, minor: number) => RuleFinding | undefined;
  readonly fix?: ObjectCheck['fix'];
}

/** `ServiceAccount "shop/web"`, and how many more there are. */
export function subjectsText(bindings: readonly Binding[]): string {
  const names = [...new Set(bindings.flatMap(({ subjects }) => subjects.map(subjectText)))];
  const [first = 'nobody', second] = names;
  if (second === undefined) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} more`;
}

/** `in every namespace`, `in namespace "shop"`. */
export function placeText(bindings: readonly Binding[]): string {
  const scopes = [...new Set(bindings.map(({ scope }) => scope))];
  if (scopes.includes('')) return 'in every namespace';
  return scopes.length === 1 ? `in namespace "${scopes[0]}"` : `in ${scopes.length} namespaces`;
}

/** Bindings through which a role really gives the right; `undefined` where it gives it to nobody for certain. */
function bindingsThatCount(
  inventory: Inventory,
  role: KubeObject,
  clusterScoped: boolean,
): readonly Binding[] | undefined {
  const bindings = bindingsTo(inventory, roleNameOf(role));
  if (!clusterScoped) return bindings;
  if (role.kind === 'Role') return undefined;
  const clusterWide = bindings.filter(({ scope }) => scope === '');
  return clusterWide.length === 0 && bindings.length > 0 ? undefined : clusterWide;
}

function findInRules(role: KubeObject, facts: RuleFacts, minor: number): (RuleFinding & { index: number }) | undefined {
  for (const [index, rule] of parseRules(role.raw['rules']).entries()) {
    const found = facts.find(rule, minor);
    if (found !== undefined) return { ...found, index };
  }
  return undefined;
}

/** Who holds the role, as the object of `lets`. */
function holdersText(role: KubeObject, bindings: readonly Binding[]): string {
  if (bindings.length > 0) return subjectsText(bindings);
  return `whoever holds ${aggregatesInto(role)
    .map((name) => `"${name}"`)
    .join(', ')}`;
}

/** The bindings to tell of; undefined where the role lets nobody do it. */
function bindingsReached(
  role: KubeObject,
  { clusterScoped = false, reaches }: RuleFacts,
  inventory: Inventory,
): readonly Binding[] | undefined {
  const bindings = bindingsThatCount(inventory, role, clusterScoped);
  const scopes = bindings?.map(({ scope }) => scope) ?? [];
  return reaches?.(scopes, role) === false ? undefined : bindings;
}

function findProblem(role: KubeObject, facts: RuleFacts, { inventory, options }: CheckContext): Diagnostic | undefined {
  const { ability, consequence, clusterScoped = false } = facts;
  const bindings = bindingsReached(role, facts, inventory);
  const found = bindings && findInRules(role, facts, options.minor);
  if (found === undefined || bindings === undefined) return undefined;
  const { index, evidence, severity } = found;
  const shared = { path: ['rules', index], evidence: `rules[${index}] ${evidence}` };
  const name = `${role.kind} "${role.name}"`;
  if (bindings.length === 0 && aggregatesInto(role).length === 0) {
    const message = `${name} lets its holders ${ability}, but nobody in the input is bound to it`;
    return { ...shared, severity: 'low', message };
  }
  const place = clusterScoped || bindings.length === 0 ? '' : ` ${placeText(bindings)}`;
  return {
    ...shared,
    ...(severity === undefined ? {} : { severity }),
    message: `${name} lets ${holdersText(role, bindings)} ${ability}${place}: ${consequence}`,
  };
}

/** A check of the rules of Roles and ClusterRoles. A role that nobody in the input is bound to is told with low severity. */
export function ruleCheck(meta: CheckMeta, facts: RuleFacts): ObjectCheck {
  return objectCheck(meta, {
    kinds: roleKinds,
    applies: (role) => !isBootstrapped(role),
    find: (role, context) => findProblem(role, facts, context),
    ...(facts.fix === undefined ? {} : { fix: facts.fix }),
  });
}
