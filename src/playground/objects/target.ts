// What a request is about: a resource at a version, and where in it.

import type { JsonObject } from '../../model/index.ts';
import type { Kernel } from '../kernel.ts';
import { apiVersionOf, type Endpoint, hasSubresource } from '../resources/resource.ts';
import { notFound } from '../status-error.ts';

export interface Target {
  readonly endpoint: Endpoint;
  /** '' for all namespaces, and for what lives outside them. */
  readonly namespace: string;
  /** '' for the collection. */
  readonly name: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

export function targetVersion({ resource, version }: Endpoint): string {
  return apiVersionOf(resource.group, version.version);
}

/** A stored object at the version that was asked for; the schema of all versions is the same, or nearly. */
export function presentAt(endpoint: Endpoint, stored: JsonObject): JsonObject {
  const apiVersion = targetVersion(endpoint);
  return stored['apiVersion'] === apiVersion ? stored : { ...stored, apiVersion };
}

/** The form that is kept. */
export function storedForm({ resource }: Endpoint, object: JsonObject): JsonObject {
  return { ...object, apiVersion: apiVersionOf(resource.group, resource.storageVersion), kind: resource.kind };
}

export function requireObject({ store }: Kernel, { endpoint, namespace, name }: Target): JsonObject {
  const found = store.get(endpoint.resource.key, namespace, name);
  if (found === undefined) throw notFound(endpoint.resource, name);
  return presentAt(endpoint, found);
}

export function hasStatus(endpoint: Endpoint): boolean {
  return hasSubresource(endpoint, 'status');
}
