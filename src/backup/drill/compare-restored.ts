// Holds every object of a backup against what stands in the copy, and says where they differ.

import { type ApiClient, createObject, getObject, isApiError, objectNameOf } from '../../api/index.ts';
import { isJsonObject, type Json, type JsonObject, toJsonPointer, UserError } from '../../model/index.ts';
import { patchToRestore } from '../restore/compare-live.ts';
import type { Visited } from '../restore/restore-wish.ts';

export interface Difference {
  /** `deployments.apps shop/web`, in the backup's own words. */
  readonly where: string;
  /** `has another /spec/replicas`, `is missing`. No values: they may be secret. */
  readonly what: string;
}

/** JSON pointers of what a merge patch would change. */
function leaves(patch: Json, path: readonly string[] = []): string[] {
  if (!isJsonObject(patch)) return [toJsonPointer(path)];
  return Object.entries(patch).flatMap(([key, value]) => leaves(value ?? null, [...path, key]));
}

async function readLive(client: ApiClient, { resource, object, isOnlyAsked }: Visited): Promise<JsonObject> {
  if (isOnlyAsked) return createObject(client, resource, object, { dryRun: true, fieldValidation: 'Ignore' });
  return getObject(client, resource, objectNameOf(object));
}

/** Nothing where they are the same. Throws only where the cluster is gone. */
export async function compareRestored(client: ApiClient, item: Visited): Promise<Difference | undefined> {
  const { place, object, prepareLive } = item;
  const where = `${place.groupResource} ${place.namespace === '' ? '' : `${place.namespace}/`}${place.name}`;
  try {
    const patch = patchToRestore(prepareLive(await readLive(client, item)), object);
    return patch === undefined ? undefined : { where, what: `has another ${leaves(patch).join(', ')}` };
  } catch (error) {
    if (isApiError(error, 404)) return { where, what: 'is missing' };
    if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
    return { where, what: `is not taken: ${error.message}` };
  }
}
