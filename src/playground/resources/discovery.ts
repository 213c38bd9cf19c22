// What the API tells of itself: aggregated discovery (v2) and the older documents. Source: apidiscovery.k8s.io/v2, meta/v1.

import type { JsonObject } from '../../model/index.ts';
import { compact } from '../objects/edit.ts';
import { compareVersions } from './custom.ts';
import type { Registry } from './registry.ts';
import { apiVersionOf, type Resource, type ServedVersion } from './resource.ts';

interface SubresourceFacts {
  readonly verbs: readonly string[];
  /** Left out: the kind of the resource itself. */
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
}

const changing: SubresourceFacts = { verbs: ['get', 'patch', 'update'] };
const subresourceFacts: Readonly<Record<string, SubresourceFacts>> = {
  approval: changing,
  binding: { verbs: ['create'], kind: 'Binding' },
  ephemeralcontainers: changing,
  eviction: { verbs: ['create'], kind: 'Eviction', group: 'policy', version: 'v1' },
  exec: { verbs: ['create', 'get'], kind: 'PodExecOptions' },
  finalize: { verbs: ['update'] },
  log: { verbs: ['get'] },
  proxy: { verbs: ['get'], kind: 'NodeProxyOptions' },
  resize: changing,
  scale: { ...changing, kind: 'Scale', group: 'autoscaling', version: 'v1' },
  status: changing,
  token: { verbs: ['create'], kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1' },
};

function listOrNothing(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

function aggregatedSubresource(resource: Resource, name: string): JsonObject {
  const { verbs, kind = resource.kind, group = '', version = '' } = subresourceFacts[name] ?? changing;
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}

function aggregatedResource(resource: Resource, { subresources }: ServedVersion): JsonObject {
  const subs = subresources.map((name) => aggregatedSubresource(resource, name));
  return compact({
    resource: resource.plural,
    responseKind: { group: '', version: '', kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    shortNames: listOrNothing(resource.shortNames),
    categories: listOrNothing(resource.categories),
    subresources: subs.length === 0 ? undefined : subs,
  });
}

interface GroupVersions {
  readonly group: string;
  /** Preferred first. */
  readonly versions: readonly string[];
}

function groupsOf(registry: Registry): GroupVersions[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, versions } of registry.all()) {
    const known = groups.get(group) ?? new Set();
    for (const { version } of versions) known.add(version);
    groups.set(group, known);
  }
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
}

function servedAt(registry: Registry, group: string, version: string): [Resource, ServedVersion][] {
  return registry.all().flatMap((resource): [Resource, ServedVersion][] => {
    const served = resource.group === group ? resource.versions.find((each) => each.version === version) : undefined;
    return served === undefined ? [] : [[resource, served]];
  });
}

/** The document of `/api` or `/apis` for those who accept aggregated discovery. */
export function aggregatedDiscovery(registry: Registry, isCore: boolean): JsonObject {
  const items = groupsOf(registry)
    .filter(({ group }) => (group === '') === isCore)
    .map(({ group, versions }) => ({
      metadata: compact({ name: group === '' ? undefined : group }),
      versions: versions.map((version) => ({
        version,
        resources: servedAt(registry, group, version).map(([resource, served]) => aggregatedResource(resource, served)),
        freshness: 'Current',
      })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

/** `/api`. */
export function coreVersions(address: string): JsonObject {
  const addresses = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: addresses };
}

function groupBody({ group, versions }: GroupVersions): JsonObject {
  const all = versions.map((version) => ({ groupVersion: apiVersionOf(group, version), version }));
  return compact({ name: group, versions: all, preferredVersion: all[0] });
}

/** `/apis`. */
export function groupList(registry: Registry): JsonObject {
  const groups = groupsOf(registry).filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupBody) };
}

/** `/apis/GROUP`; `undefined` for a group that is not served. */
export function groupDocument(registry: Registry, group: string): JsonObject | undefined {
  const found = groupsOf(registry).find((each) => each.group === group && group !== '');
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(found) };
}

function plainResource(resource: Resource, { subresources }: ServedVersion): JsonObject[] {
  const { plural, singular, namespaced, kind } = resource;
  const own = compact({
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: resource.verbs,
    shortNames: listOrNothing(resource.shortNames),
    categories: listOrNothing(resource.categories),
  });
  const subs = subresources.map((name) => {
    const facts = subresourceFacts[name] ?? changing;
    const { verbs, group, version } = facts;
    return compact({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      group,
      version,
      kind: facts.kind ?? kind,
      verbs,
    });
  });
  return [own, ...subs];
}

/** `/api/v1` and `/apis/GROUP/VERSION`; `undefined` where nothing is served. */
export function resourceList(registry: Registry, group: string, version: string): JsonObject | undefined {
  const served = servedAt(registry, group, version);
  if (served.length === 0) return undefined;
  const resources = served.flatMap(([resource, each]) => plainResource(resource, each));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(group, version), resources };
}
