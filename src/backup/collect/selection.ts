// What a backup takes, in Velero's terms, and how each of its filters decides.

import type { ApiResource } from '../../api/index.ts';
import { compileSelector, type Selector } from '../../kube/selectors.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { compileGlobs } from './match-glob.ts';
import { compileFilters, type ObjectFilters, parseFilters, type RulesOf } from './object-filters.ts';

/** As in the spec of Velero's `Backup`, whose names these are; an empty list of includes takes all. */
export interface Selection {
  readonly includedNamespaces?: readonly string[];
  readonly excludedNamespaces?: readonly string[];
  readonly includedResources?: readonly string[];
  readonly excludedResources?: readonly string[];
  /** Left out: those that what is taken needs, and all of them where all namespaces are taken. */
  readonly includeClusterResources?: boolean;
  readonly includedClusterScopedResources?: readonly string[];
  readonly excludedClusterScopedResources?: readonly string[];
  readonly includedNamespaceScopedResources?: readonly string[];
  readonly excludedNamespaceScopedResources?: readonly string[];
  readonly labelSelector?: JsonObject;
  readonly orLabelSelectors?: readonly JsonObject[];
  /** `pods` → `shop/db-0,shop/db-1`: these first, in this order. */
  readonly orderedResources?: Readonly<Record<string, string>>;
  /** Of resource policies, which the spec only names. */
  readonly filters?: ObjectFilters;
}

interface Filter {
  readonly takes: (name: string) => boolean;
  readonly takesAll: boolean;
  /** Nothing was named. */
  readonly isEmpty: boolean;
}

function isAll(list: readonly string[]): boolean {
  return list.length === 0 || (list.length === 1 && list[0] === '*');
}

function compileFilter(includes: readonly string[] = [], excludes: readonly string[] = []): Filter {
  const included = isAll(includes) ? () => true : compileGlobs(includes);
  const excluded = compileGlobs(excludes);
  return {
    takes: (name) => !excluded(name) && included(name),
    takesAll: excludes.length === 0 && isAll(includes),
    isEmpty: includes.length === 0,
  };
}

export interface CompiledSelection {
  readonly takesNamespace: (name: string) => boolean;
  readonly takesAllNamespaces: boolean;
  /** Without wildcards: namespaces that can be listed one by one. `undefined` where only a look at all of them tells. */
  readonly namedNamespaces: readonly string[] | undefined;
  /** Whether objects of a resource are taken as such; those that others need come besides. */
  readonly takes: (resource: ApiResource) => boolean;
  /** Whether others may pull in objects of this resource of the cluster. */
  readonly permits: (resource: ApiResource) => boolean;
  readonly selectors: readonly Selector[];
  /** What of a resource is taken, by its full name; the selectors alone where no filter of a policy has a say. */
  readonly rulesOf: RulesOf;
  /** Objects of one resource may be taken and others left. */
  readonly picks: boolean;
  /** What cannot be as its author meant it, in words. */
  readonly remarks: readonly string[];
  readonly order: ReadonlyMap<string, readonly string[]>;
}

const oldFilters = ['includedResources', 'excludedResources', 'includeClusterResources'] as const;
const newFilters = [
  'includedClusterScopedResources',
  'excludedClusterScopedResources',
  'includedNamespaceScopedResources',
  'excludedNamespaceScopedResources',
] as const;

function given(selection: Selection, names: readonly (keyof Selection)[]): string[] {
  return names.filter((name) => {
    const value = selection[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
}

function refuse(what: string): UserError {
  return new UserError('invalid-option', what, 'Velero refuses such a backup as well; choose one of the two.');
}

function checkLists(what: string, includes: readonly string[] = [], excludes: readonly string[] = []): void {
  if (includes.length > 1 && includes.includes('*')) throw refuse(`included ${what} are either * or names`);
  if (excludes.includes('*')) throw refuse(`excluded ${what} cannot be *`);
  const both = excludes.find((each) => includes.includes(each));
  if (both !== undefined) throw refuse(`${what} ${JSON.stringify(both)} is both included and excluded`);
}

/** Throws `UserError` for what Velero's own validation refuses. */
function validate(selection: Selection): void {
  const [old] = given(selection, oldFilters);
  const [fresh] = given(selection, newFilters);
  if (old !== undefined && fresh !== undefined) throw refuse(`${old} and ${fresh} do not go together`);
  if (selection.labelSelector !== undefined && (selection.orLabelSelectors ?? []).length > 0)
    throw refuse('labelSelector and orLabelSelectors do not go together');
  checkLists('namespaces', selection.includedNamespaces, selection.excludedNamespaces);
  checkLists('resources', selection.includedResources, selection.excludedResources);
}

/** Names of resources as a user writes them are already `deployments.apps` here: see `resolveNames`. */
function compileOld(selection: Selection, allNamespaces: boolean): Pick<CompiledSelection, 'takes' | 'permits'> {
  const filter = compileFilter(selection.includedResources, selection.excludedResources);
  const { includeClusterResources } = selection;
  const permits = (resource: ApiResource): boolean =>
    includeClusterResources !== false && filter.takes(groupResourceOf(resource));
  return {
    permits,
    takes: (resource) =>
      resource.namespaced
        ? filter.takes(groupResourceOf(resource))
        : (includeClusterResources ?? allNamespaces) && permits(resource),
  };
}

function compileNew(selection: Selection, allNamespaces: boolean): Pick<CompiledSelection, 'takes' | 'permits'> {
  const inCluster = compileFilter(selection.includedClusterScopedResources, selection.excludedClusterScopedResources);
  const inNamespaces = compileFilter(
    selection.includedNamespaceScopedResources,
    selection.excludedNamespaceScopedResources,
  );
  return {
    permits: (resource) => inCluster.takes(groupResourceOf(resource)),
    takes: (resource) => {
      if (resource.namespaced) return inNamespaces.takes(groupResourceOf(resource));
      // Named ones are taken; without names, all of them only where nothing limits the namespaces or what is taken of them.
      const wanted = !inCluster.isEmpty || (allNamespaces && inNamespaces.takesAll);
      return wanted && inCluster.takes(groupResourceOf(resource));
    },
  };
}

function compileSelectors({ labelSelector, orLabelSelectors = [] }: Selection): Selector[] {
  const raw = labelSelector === undefined ? orLabelSelectors : [labelSelector];
  return raw.map((each) => {
    const selector = compileSelector(each);
    if (selector.invalid !== undefined) throw refuse(`the label selector: ${selector.invalid}`);
    return selector;
  });
}

function orderOf({ orderedResources = {} }: Selection): Map<string, readonly string[]> {
  return new Map(
    Object.entries(orderedResources).map(([resource, names]) => [
      resource,
      names.split(',').map((name) => name.trim()),
    ]),
  );
}

/** Throws `UserError` where the filters contradict each other, as Velero would refuse them. */
export function compileSelection(selection: Selection): CompiledSelection {
  validate(selection);
  const { includedNamespaces = [], excludedNamespaces } = selection;
  const namespaces = compileFilter(includedNamespaces, excludedNamespaces);
  const isPlain = !isAll(includedNamespaces) && !includedNamespaces.some((each) => /[*?[\]{}]/.test(each));
  const compile = given(selection, newFilters).length > 0 ? compileNew : compileOld;
  const selectors = compileSelectors(selection);
  const usual = { selectors, takesName: () => true };
  const { filters } = selection;
  return {
    takesNamespace: namespaces.takes,
    takesAllNamespaces: namespaces.takesAll,
    namedNamespaces: isPlain ? includedNamespaces.filter(namespaces.takes) : undefined,
    ...compile(selection, namespaces.takesAll),
    selectors,
    rulesOf: filters === undefined ? () => () => usual : compileFilters(filters, usual),
    picks: selectors.length > 0 || filters !== undefined,
    remarks: filters?.remarks ?? [],
    order: orderOf(selection),
  };
}

/** From the `spec` of a Velero `Backup` as it was read. */
export function selectionOfSpec(spec: JsonObject): Selection {
  const lists = [
    'includedNamespaces',
    'excludedNamespaces',
    'includedResources',
    'excludedResources',
    ...newFilters,
    'orLabelSelectors',
  ].flatMap((name) => (asArray(spec[name]).length > 0 ? [[name, spec[name]]] : []));
  const { includeClusterResources, labelSelector, orderedResources } = spec;
  return {
    ...(Object.fromEntries(lists) as Selection),
    ...(typeof includeClusterResources === 'boolean' ? { includeClusterResources } : {}),
    ...(labelSelector === undefined || labelSelector === null ? {} : { labelSelector: asObject(labelSelector) }),
    ...(orderedResources === undefined || orderedResources === null
      ? {}
      : { orderedResources: asObject(orderedResources) as Readonly<Record<string, string>> }),
  };
}

/** Filters by which a backup was made: its spec only names the policies, which may be others by now. */
const filtersNote = 'nowwhat.dev/object-filters';

export function noteOfFilters({ filters }: Selection): Readonly<Record<string, string>> {
  if (filters === undefined) return {};
  const { inNamespaces, inCluster } = filters;
  return { [filtersNote]: JSON.stringify({ inNamespaces, inCluster }) };
}

/** Of a `Backup` that was made. Throws `UserError` where its note of filters is not ours. */
export function selectionOfBackup({ metadata, spec }: JsonObject): Selection {
  const note = asString(asObject(asObject(metadata)['annotations'])[filtersNote]);
  return { ...selectionOfSpec(asObject(spec)), ...(note === undefined ? {} : { filters: parseFilters(note) }) };
}
