// What of a resource is taken where resource policies filter single kinds: pure. Source: Velero 1.18, fine-grained backup filters.

import * as z from 'zod';
import { compileSelector, type Selector } from '../../kube/selectors.ts';
import { asObject, type JsonObject, UserError } from '../../model/index.ts';
import { compileGlobs } from './match-glob.ts';

/** Labels that fit one of the selectors, where there are any, and a name that fits one pattern, where there are any, and none of the others. */
export interface KindFilter {
  readonly selectors: readonly JsonObject[];
  readonly names: readonly string[];
  readonly excludedNames: readonly string[];
}

/** Resources by their full name: `deployments.apps`. */
type Kinds = Readonly<Record<string, KindFilter>>;

/** Of namespaces by name or pattern nothing but these kinds is taken. */
export interface NamespaceFilter {
  readonly namespaces: readonly string[];
  readonly kinds: Kinds;
  /** All kinds that are not named. */
  readonly others?: KindFilter | undefined;
}

/** JSON throughout, so that a backup can say by what it was made. */
export interface ObjectFilters {
  /** A namespace that is named goes before one that a pattern means, and of patterns the first. */
  readonly inNamespaces: readonly NamespaceFilter[];
  /** Kinds that are not named are taken as without filters. */
  readonly inCluster: Kinds;
  /** Filters that can have no effect, in words. */
  readonly remarks: readonly string[];
}

export interface ObjectRule {
  /** One of them must fit; none, everything does. */
  readonly selectors: readonly Selector[];
  readonly takesName: (name: string) => boolean;
}

/** Of a namespace, or of the cluster for ''; `undefined` where nothing is taken there as such. */
export type RuleOf = (namespace: string) => ObjectRule | undefined;

/** By the full name of a resource. A kind is needed for filters that name one which no server knew. */
export type RulesOf = (groupResource: string, kind?: string) => RuleOf;

const everything: ObjectRule = { selectors: [], takesName: () => true };

/** Where nothing is filtered. */
export const noFilters: RulesOf = () => () => everything;

function compileKind({ selectors, names, excludedNames }: KindFilter): ObjectRule {
  const included = names.length === 0 ? () => true : compileGlobs(names);
  const excluded = compileGlobs(excludedNames);
  return { selectors: selectors.map(compileSelector), takesName: (name) => !excluded(name) && included(name) };
}

function compileKinds(kinds: Kinds): ReadonlyMap<string, ObjectRule> {
  return new Map(Object.entries(kinds).map(([name, filter]) => [name, compileKind(filter)]));
}

function kept<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.has(name) ? known.get(name) : find(name);
    known.set(name, found as T);
    return found as T;
  };
}

/** Rules of each resource, by its full name; `usual` where no filter has a say. */
export function compileFilters({ inNamespaces, inCluster }: ObjectFilters, usual: ObjectRule): RulesOf {
  const cluster = compileKinds(inCluster);
  const policies = inNamespaces.map(({ namespaces, kinds, others }) => ({
    named: new Set(namespaces),
    means: compileGlobs(namespaces),
    kinds: compileKinds(kinds),
    others: others && compileKind(others),
  }));
  const policyOf = kept(
    (namespace: string) =>
      policies.find(({ named }) => named.has(namespace)) ?? policies.find(({ means }) => means(namespace)),
  );
  return (groupResource, kind = '') => {
    const ruleIn = (rules: ReadonlyMap<string, ObjectRule>) =>
      rules.get(groupResource) ?? rules.get(kind.toLowerCase());
    return (namespace) => {
      if (namespace === '') return ruleIn(cluster) ?? usual;
      const policy = policyOf(namespace);
      return policy === undefined ? usual : (ruleIn(policy.kinds) ?? policy.others);
    };
  };
}

const texts = z.array(z.string());
const kind = z.object({
  selectors: z.array(z.looseObject({}).transform((each) => asObject(each))),
  names: texts,
  excludedNames: texts,
});
const kinds = z.record(z.string(), kind);
const schema = z.object({
  inNamespaces: z.array(z.object({ namespaces: texts, kinds, others: kind.optional() })),
  inCluster: kinds,
});

/** From the JSON that a backup has of its filters. Throws `UserError` where it is something else. */
export function parseFilters(note: string): ObjectFilters {
  try {
    return { ...schema.parse(JSON.parse(note)), remarks: [] };
  } catch (cause) {
    const advice = 'Its annotation nowwhat.dev/object-filters was changed, or a newer version wrote it.';
    throw new UserError('invalid-backup', 'the backup does not say by which filters it was made', advice, cause);
  }
}
