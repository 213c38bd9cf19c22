// Objects of a cluster as inputs of a plan: read, hashed, named.

import { createHash } from 'node:crypto';
import {
  type ApiClient,
  type ApiResource,
  type Discovery,
  getObject,
  isApiError,
  resourceOfKind,
} from '../../api/index.ts';
import { stableText } from '../../kube/live/stable-form.ts';
import { asObject, asString, type JsonObject, type ObjectRef, type PlanInput } from '../../model/index.ts';

export type ObjectInput = PlanInput & { readonly kind: 'object' };

export function refOf(object: JsonObject): ObjectRef {
  const { name, namespace } = asObject(object['metadata']);
  return {
    apiVersion: asString(object['apiVersion']) ?? '',
    kind: asString(object['kind']) ?? '',
    namespace: asString(namespace) ?? '',
    name: asString(name) ?? '',
  };
}

function isSecret({ apiVersion, kind }: ObjectRef): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

/** The object as an input; without it, an input that says that there is none. */
export function toInput(object: ObjectRef, live: JsonObject | undefined): ObjectInput {
  if (live === undefined) return { kind: 'object', object };
  const { uid, resourceVersion } = asObject(live['metadata']);
  return {
    kind: 'object',
    object,
    uid: asString(uid) ?? '',
    resourceVersion: asString(resourceVersion) ?? '',
    ...(isSecret(object) ? {} : { sha256: createHash('sha256').update(stableText(live)).digest('hex') }),
  };
}

/** The parts of a cluster that a site needs. */
export interface OpenCluster {
  readonly client: ApiClient;
  readonly discovery: Discovery;
}

export function resourceFor({ discovery }: OpenCluster, { apiVersion, kind }: ObjectRef): ApiResource {
  return resourceOfKind(discovery, apiVersion, kind);
}

export function placeOf({ namespace, name }: ObjectRef): { name: string; namespace?: string } {
  return namespace === '' ? { name } : { name, namespace };
}

/** The live object, its managers included; `undefined` where there is none. */
export async function readLive(cluster: OpenCluster, object: ObjectRef): Promise<JsonObject | undefined> {
  const { apiVersion, kind } = object;
  try {
    return { ...(await getObject(cluster.client, resourceFor(cluster, object), placeOf(object))), apiVersion, kind };
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}
