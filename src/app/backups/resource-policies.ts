// The resource policies that a backup is told: from a file, or from a ConfigMap as for Velero.

import { type ApiClient, discover, type Discovery, findResource } from '../../api/index.ts';
import {
  combineSelection,
  filterSelection,
  type FindResource,
  parsePolicies,
  type ResourcePolicies,
  type Selection,
} from '../../backup/index.ts';
import { readConfigMapText } from './config-map-text.ts';
import { readTextFile } from './velero-file.ts';

/** A file, or a ConfigMap: `NAME` beside Velero, or `NAMESPACE/NAME`. */
export type PolicySource = { readonly file: string } | { readonly configMap: string };

/** As it stands there. Throws `UserError`. */
export async function readPolicyText(client: ApiClient, source: PolicySource): Promise<string> {
  if ('file' in source) return await readTextFile(source.file, 'resource policies');
  const use = { what: 'Resource policies', fileOption: '--resource-policies' };
  return await readConfigMapText(client, source.configMap, use);
}

/** Throws `UserError`. */
export async function readPolicies(
  client: ApiClient,
  source: PolicySource | undefined,
): Promise<ResourcePolicies | undefined> {
  if (source === undefined) return undefined;
  return parsePolicies(await readPolicyText(client, source), nameOfPolicies(source));
}

/** For messages. */
export function nameOfPolicies(source: PolicySource): string {
  return 'file' in source ? source.file : source.configMap;
}

/** The selection with what policies include, exclude and filter. Throws `UserError` where the two do not go together. */
export async function withPolicies(
  client: ApiClient,
  selection: Selection,
  policies: ResourcePolicies | undefined,
): Promise<Selection> {
  if (policies?.includeExclude === undefined && policies?.filters === undefined) return selection;
  const { includeExclude, filters } = policies;
  const find = resourceFinder(await discover(client));
  const combined = includeExclude === undefined ? selection : combineSelection(selection, includeExclude, find);
  return filters === undefined ? combined : filterSelection(combined, filters, find);
}

export function resourceFinder(discovery: Discovery): FindResource {
  return (name) => {
    const found = findResource(discovery, name);
    if (found === undefined) return undefined;
    const { group, resource, namespaced } = found;
    return { fullName: group === '' ? resource : `${resource}.${group}`, namespaced };
  };
}
