// A resource as the API serves it: its names, versions, verbs and subresources.

import type { SchemaNode } from '../../kube/schema/index.ts';

export interface ServedVersion {
  readonly version: string;
  readonly schema: SchemaNode;
  readonly subresources: readonly string[];
  /** Where `scale` reads and writes, for custom resources. */
  readonly scale?: ScalePaths;
}

export interface ScalePaths {
  readonly replicas: string;
  readonly statusReplicas: string;
  readonly selector?: string;
}

export interface Resource {
  /** `group/plural`: where the store keeps its objects. */
  readonly key: string;
  readonly group: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly isCustom: boolean;
  /** Preferred first. */
  readonly versions: readonly ServedVersion[];
  /** Under which objects are kept; it need not be served. */
  readonly storageVersion: string;
}

/** A resource at one of its versions, as a request names it. */
export interface Endpoint {
  readonly resource: Resource;
  readonly version: ServedVersion;
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

export function hasSubresource({ version }: Endpoint, name: string): boolean {
  return version.subresources.includes(name);
}

export const resourceKey = (group: string, plural: string): string => `${group}/${plural}`;
