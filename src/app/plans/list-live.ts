// Lists of what lives in one namespace, as far as it may be read.

import { isApiError, listAll } from '../../api/index.ts';
import type { JsonObject, ObjectRef } from '../../model/index.ts';
import { type OpenCluster, resourceFor } from '../../targets/index.ts';

/** All of one kind in one namespace; nothing where it may not be listed. */
export async function listLive(
  cluster: OpenCluster,
  { apiVersion, kind, namespace }: Omit<ObjectRef, 'name'>,
): Promise<readonly JsonObject[]> {
  try {
    const resource = resourceFor(cluster, { apiVersion, kind, namespace, name: '' });
    return (await listAll(cluster.client, resource, { namespace })).items;
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return [];
    throw error;
  }
}

/** The pods of one namespace; none where they may not be listed. */
export function listPods(cluster: OpenCluster, namespace: string): Promise<readonly JsonObject[]> {
  return listLive(cluster, { apiVersion: 'v1', kind: 'Pod', namespace });
}
