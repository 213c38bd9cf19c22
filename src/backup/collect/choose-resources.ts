// Which resources of a cluster are listed for a backup, each once, in Velero's order.

import { type ApiResource, type Discovery, findResource } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import type { CompiledSelection, Selection } from './selection.ts';

/** One set of objects that is served under two groups: whichever comes first is taken. Source: Velero 1.18, cohabitating resources. */
const cohabiting: readonly (readonly [resource: string, ...groups: string[]])[] = [
  ['deployments', 'extensions', 'apps'],
  ['daemonsets', 'extensions', 'apps'],
  ['replicasets', 'extensions', 'apps'],
  ['networkpolicies', 'extensions', 'networking.k8s.io'],
  ['events', '', 'events.k8s.io'],
];

/** CSI objects are taken with their claims, never by a list. Source: Velero 1.18. */
const neverListed: ReadonlySet<string> = new Set([
  'volumesnapshots.snapshot.storage.k8s.io',
  'volumesnapshotcontents.snapshot.storage.k8s.io',
]);

const coreFirst = ['pods', 'persistentvolumeclaims', 'persistentvolumes'];

function setKeyOf({ group, resource }: ApiResource): string {
  const set = cohabiting.find(([name, ...groups]) => name === resource && groups.includes(group));
  return set === undefined ? `${group}/${resource}` : `*/${resource}`;
}

function rankOf({ group, resource }: ApiResource): number {
  if (group !== '') return coreFirst.length + 1;
  const at = coreFirst.indexOf(resource);
  return at < 0 ? coreFirst.length : at;
}

/** Everything that can be listed and read back, in the version that the server prefers. */
export function listableResources({ resources }: Discovery): ApiResource[] {
  const bySet = new Map<string, ApiResource>();
  for (const resource of resources) {
    const isWhole = ['list', 'get', 'create'].every((verb) => resource.verbs.includes(verb));
    const key = setKeyOf(resource);
    if (isWhole && !neverListed.has(groupResourceOf(resource)) && !bySet.has(key)) bySet.set(key, resource);
  }
  return [...bySet.values()].toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** False where filters leave nothing of it in any of the namespaces. */
function isLookedAt(resource: ApiResource, { namedNamespaces, rulesOf }: CompiledSelection): boolean {
  if (!resource.namespaced || namedNamespaces === undefined || namedNamespaces.length === 0) return true;
  const ruleOf = rulesOf(groupResourceOf(resource));
  return namedNamespaces.some((namespace) => ruleOf(namespace) !== undefined);
}

export function chooseResources(discovery: Discovery, selection: CompiledSelection): ApiResource[] {
  return listableResources(discovery).filter(
    (resource) =>
      groupResourceOf(resource) !== 'namespaces' && selection.takes(resource) && isLookedAt(resource, selection),
  );
}

const resourceLists = [
  'includedResources',
  'excludedResources',
  'includedClusterScopedResources',
  'excludedClusterScopedResources',
  'includedNamespaceScopedResources',
  'excludedNamespaceScopedResources',
] as const;

function resolveName(name: string, discovery: Discovery): string {
  if (/[*?[\]{}]/.test(name)) return name;
  const found = findResource(discovery, name);
  if (found !== undefined) return groupResourceOf(found);
  const advice = 'Names are those of kubectl api-resources: po, pods, deployments.apps.';
  throw new UserError('unknown-resource', `the cluster serves no resource ${JSON.stringify(name)}`, advice);
}

/** The same selection with resources by their full names: `po` is `pods`, `deploy` is `deployments.apps`. Throws `UserError`. */
export function resolveNames(selection: Selection, discovery: Discovery): Selection {
  const resolved = resourceLists.flatMap((list) => {
    const names = selection[list];
    return names === undefined ? [] : [[list, names.map((name) => resolveName(name, discovery))] as const];
  });
  return { ...selection, ...Object.fromEntries(resolved) };
}
