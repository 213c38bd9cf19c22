// The fewest rules that allow exactly a set of calls: joined where verbs, resources and names form a full table, and nowhere else.

import type { PolicyRule } from '../../kube/rbac.ts';
import { pushTo } from '../../model/index.ts';
import { isResourceNeed, type Need, needKey, type ResourceNeed } from './need.ts';

/** Rules of one place: a namespace, or '' for the whole cluster. */
export interface ScopedRules {
  readonly scope: string;
  readonly rules: readonly PolicyRule[];
}

/** True where a wider need of the same kind stands in the set: of the whole cluster, or of any name. */
function isSubsumed(need: Need, keys: ReadonlySet<string>): boolean {
  if (!isResourceNeed(need)) return false;
  const { name, ...anyName } = need;
  const wider: Need[] = [
    ...(need.namespace === '' ? [] : [{ ...need, namespace: '' }]),
    ...(name === undefined ? [] : [anyName, { ...anyName, namespace: '' }]),
  ];
  return wider.some((each) => keys.has(needKey(each)));
}

/** Without what others cover. */
function withoutSubsumed(needs: readonly Need[]): Need[] {
  const keys = new Set(needs.map(needKey));
  return needs.filter((need) => !isSubsumed(need, keys));
}

function sorted(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}

const verbOrder = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** In the order in which Kubernetes' own roles have them. */
function sortedVerbs(verbs: Iterable<string>): string[] {
  const rank = (verb: string): string => String(verbOrder.indexOf(verb) + 1 || verbOrder.length + 1).padStart(2, '0');
  return sorted([...verbs].map((verb) => rank(verb) + verb)).map((text) => text.slice(2));
}

/** Verbs on one resource, for these names; no names for any. */
interface Grant {
  readonly verbs: readonly string[];
  readonly names: readonly string[];
}

/** Pairs of one side with a set of the other, those with the same set joined: the table in rows, or in columns. */
function joinBySet(pairs: readonly (readonly [key: string, value: string])[]): { keys: string[]; values: string[] }[] {
  const sets = new Map<string, string[]>();
  for (const [key, value] of pairs) pushTo(sets, key, value);
  const joined = new Map<string, { keys: string[]; values: string[] }>();
  for (const [key, list] of sets) {
    const values = sorted(list);
    const id = JSON.stringify(values);
    const known = joined.get(id) ?? { keys: [], values };
    known.keys.push(key);
    joined.set(id, known);
  }
  return [...joined.values()];
}

/** By names or by verbs, whatever gives fewer rules. */
function namedGrants(needs: readonly ResourceNeed[]): Grant[] {
  const named = needs.flatMap(({ verb, name }) => (name === undefined ? [] : [{ verb, name }]));
  const byName = joinBySet(named.map(({ verb, name }) => [name, verb]));
  const byVerb = joinBySet(named.map(({ verb, name }) => [verb, name]));
  return byVerb.length < byName.length
    ? byVerb.map(({ keys, values }) => ({ verbs: sortedVerbs(keys), names: values }))
    : byName.map(({ keys, values }) => ({ verbs: sortedVerbs(values), names: sorted(keys) }));
}

function grantsOf(needs: readonly ResourceNeed[]): Grant[] {
  const anyName = needs.filter(({ name }) => name === undefined).map(({ verb }) => verb);
  return [...(anyName.length === 0 ? [] : [{ verbs: sortedVerbs(anyName), names: [] }]), ...namedGrants(needs)];
}

interface ResourceGrant extends Grant {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
}

/** Joins grants that are the same but for one side. */
function joinGrants(grants: readonly ResourceGrant[], side: 'groups' | 'resources'): ResourceGrant[] {
  const joined = new Map<string, ResourceGrant>();
  for (const grant of grants) {
    const key = JSON.stringify({ ...grant, [side]: [] });
    const known = joined.get(key);
    joined.set(key, known === undefined ? grant : { ...grant, [side]: sorted([...known[side], ...grant[side]]) });
  }
  return [...joined.values()];
}

function resourceRules(needs: readonly ResourceNeed[]): PolicyRule[] {
  const byResource = new Map<string, ResourceNeed[]>();
  for (const need of needs) {
    const { group, resource, subresource } = need;
    pushTo(
      byResource,
      JSON.stringify([group, subresource === undefined ? resource : `${resource}/${subresource}`]),
      need,
    );
  }
  const single = [...byResource].flatMap(([key, list]) => {
    const [group, resource] = JSON.parse(key) as [string, string];
    return grantsOf(list).map(({ verbs, names }) => ({ verbs, names, groups: [group], resources: [resource] }));
  });
  const rules = joinGrants(joinGrants(single, 'resources'), 'groups').map(({ verbs, names, groups, resources }) => ({
    verbs,
    apiGroups: groups,
    resources,
    resourceNames: names,
    nonResourceURLs: [],
  }));
  return rules.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ apiGroups, resources, resourceNames, verbs }: PolicyRule): string {
  return JSON.stringify([apiGroups, resources, resourceNames.join(), verbs]);
}

function urlRules(needs: readonly Need[]): PolicyRule[] {
  const pairs = needs.flatMap((need) => (isResourceNeed(need) ? [] : [[need.url, need.verb] as const]));
  const rules = joinBySet(pairs).map(({ keys, values }) => ({
    verbs: sortedVerbs(values),
    apiGroups: [],
    resources: [],
    resourceNames: [],
    nonResourceURLs: sorted(keys),
  }));
  return rules.toSorted((a, b) => (a.nonResourceURLs.join() < b.nonResourceURLs.join() ? -1 : 1));
}

/** The whole cluster first, then namespaces by name. */
export function inferRules(all: readonly Need[]): ScopedRules[] {
  const needs = withoutSubsumed(all);
  const scopes = sorted(needs.map((need) => (isResourceNeed(need) ? need.namespace : '')));
  return scopes.map((scope) => {
    const here = needs.filter(isResourceNeed).filter(({ namespace }) => namespace === scope);
    return { scope, rules: [...resourceRules(here), ...(scope === '' ? urlRules(needs) : [])] };
  });
}
