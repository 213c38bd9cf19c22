// Discovery documents to resources: the aggregated form (apidiscovery.k8s.io/v2) and the older one of a document for each version.

import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import type { ApiResource, Discovery, DiscoveryFailure, Subresource } from './api-resource.ts';
import { groupVersionOf } from './api-resource.ts';

function texts(value: Json | undefined): readonly string[] {
  return asArray(value).flatMap((each) => asString(each) ?? []);
}

function text(object: JsonObject, key: string): string {
  return asString(object[key]) ?? '';
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

function parseAggregatedSubresource(value: Json): Subresource {
  const each = asObject(value);
  return {
    name: text(each, 'subresource'),
    verbs: texts(each['verbs']),
    kind: text(asObject(each['responseKind']), 'kind'),
  };
}

function parseAggregatedResource(value: Json, { group, version }: GroupVersion): ApiResource {
  const each = asObject(value);
  const resource = text(each, 'resource');
  const kind = text(asObject(each['responseKind']), 'kind');
  return {
    group,
    version,
    resource,
    singular: text(each, 'singularResource') || kind.toLowerCase(),
    kind,
    namespaced: each['scope'] === 'Namespaced',
    verbs: texts(each['verbs']),
    shortNames: texts(each['shortNames']),
    categories: texts(each['categories']),
    subresources: asArray(each['subresources']).map(parseAggregatedSubresource),
  };
}

function parseAggregatedVersion(value: Json, group: string): Discovery {
  const each = asObject(value);
  const at = { group, version: text(each, 'version') };
  const resources = asArray(each['resources']).map((resource) => parseAggregatedResource(resource, at));
  const isStale = each['freshness'] === 'Stale';
  const stale = { groupVersion: groupVersionOf(at), reason: 'its API server does not answer' };
  return { resources, failures: isStale ? [stale] : [] };
}

/** An `APIGroupDiscoveryList`; `undefined` where the document is of another kind: an older server ignores what was asked for. */
export function parseAggregated(document: JsonObject): Discovery | undefined {
  if (document['kind'] !== 'APIGroupDiscoveryList') return undefined;
  const versions = asArray(document['items']).flatMap((item) => {
    const group = text(asObject(asObject(item)['metadata']), 'name');
    return asArray(asObject(item)['versions']).map((version) => parseAggregatedVersion(version, group));
  });
  return joinDiscoveries(versions);
}

export function joinDiscoveries(parts: readonly Discovery[]): Discovery {
  return {
    resources: parts.flatMap((part) => part.resources),
    failures: parts.flatMap((part): readonly DiscoveryFailure[] => part.failures),
  };
}

/** Group versions of an `APIVersions` (core) or `APIGroupList` document, the preferred one of each group first. */
export function parseLegacyVersions(document: JsonObject): GroupVersion[] {
  if (document['kind'] === 'APIVersions') return texts(document['versions']).map((version) => ({ group: '', version }));
  return asArray(document['groups']).flatMap((item) => {
    const group = asObject(item);
    const preferred = text(asObject(group['preferredVersion']), 'version');
    const versions = asArray(group['versions']).map((each) => text(asObject(each), 'version'));
    const ordered = [
      ...versions.filter((each) => each === preferred),
      ...versions.filter((each) => each !== preferred),
    ];
    return ordered.map((version) => ({ group: text(group, 'name'), version }));
  });
}

function parseLegacyResource(
  each: JsonObject,
  { group, version }: GroupVersion,
  all: readonly JsonObject[],
): ApiResource {
  const resource = text(each, 'name');
  const subresources = all.filter((other) => text(other, 'name').startsWith(`${resource}/`));
  return {
    group,
    version,
    resource,
    singular: text(each, 'singularName') || text(each, 'kind').toLowerCase(),
    kind: text(each, 'kind'),
    namespaced: each['namespaced'] === true,
    verbs: texts(each['verbs']),
    shortNames: texts(each['shortNames']),
    categories: texts(each['categories']),
    subresources: subresources.map((other) => ({
      name: text(other, 'name').slice(resource.length + 1),
      verbs: texts(other['verbs']),
      kind: text(other, 'kind'),
    })),
  };
}

/** The `APIResourceList` of one group version. */
export function parseLegacyResources(document: JsonObject, at: GroupVersion): ApiResource[] {
  const all = asArray(document['resources']).map(asObject);
  return all.filter((each) => !text(each, 'name').includes('/')).map((each) => parseLegacyResource(each, at, all));
}
