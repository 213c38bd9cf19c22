// What restored objects refer to and will not find: told before they come back, because pods would wait for it for ever.

import { type ApiClient, type Discovery, findResource, isApiError, resourcePath } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';
import type { RelatedObject } from './choose-restored.ts';

/** Who may not read it is told nothing. */
async function isMissing(
  client: ApiClient,
  discovery: Discovery,
  { groupResource, namespace, name }: RelatedObject,
): Promise<boolean> {
  const resource = findResource(discovery, groupResource);
  if (resource === undefined) return false;
  try {
    await client.request({ path: resourcePath(resource, { namespace, name }) });
    return false;
  } catch (error) {
    if (isApiError(error, 404)) return true;
    if (error instanceof UserError && error.code !== 'cluster-unreachable') return false;
    throw error;
  }
}

function tell({ kind, namespace, name, from, isSaved }: RelatedObject): string {
  const what = `${from} refers to ${kind} "${name}", which is not in the namespace "${namespace}"`;
  return isSaved ? `${what}: --with-related brings it back too` : `${what}, nor in the backup`;
}

/** In words, in the namespaces where the objects go to. */
export async function findMissingRelated(
  client: ApiClient,
  discovery: Discovery,
  left: readonly RelatedObject[],
  mappings: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const there = left.map((each) => ({ ...each, namespace: mappings.get(each.namespace) ?? each.namespace }));
  const missing = await Promise.all(there.map((each) => isMissing(client, discovery, each)));
  return there.filter((_, index) => missing[index] === true).map(tell);
}
