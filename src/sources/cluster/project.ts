// What is kept of an object while it is read: no values of Secrets, and nothing that only the API server's own bookkeeping needs.

import { asObject, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Projection {
  /** Who wrote which field: megabytes that only few questions need. */
  readonly keepManagedFields: boolean;
}

function withoutKey(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  const { [key]: _, ...rest } = object;
  return rest;
}

/** Keys stay, for questions about names; what they hold is gone at once. */
function withholdValues(data: Json | undefined): JsonObject {
  return Object.fromEntries(Object.keys(asObject(data)).map((key) => [key, '']));
}

/** kubectl keeps a whole copy of what was applied in an annotation, values and all. */
function withoutCopy(metadata: JsonObject): JsonObject {
  const { annotations } = metadata;
  return isJsonObject(annotations) ? { ...metadata, annotations: withoutKey(annotations, lastApplied) } : metadata;
}

function withholdSecret(raw: JsonObject): JsonObject {
  const { stringData: _, ...rest } = raw;
  return {
    ...rest,
    metadata: withoutCopy(asObject(raw['metadata'])),
    ...(raw['data'] === undefined ? {} : { data: withholdValues(raw['data']) }),
  };
}

/** The object as it is kept in a snapshot. Fields that are not known stay. */
export function projectObject(raw: JsonObject, { keepManagedFields }: Projection): JsonObject {
  const slim = keepManagedFields ? raw : { ...raw, metadata: withoutKey(asObject(raw['metadata']), 'managedFields') };
  return slim['kind'] === 'Secret' && slim['apiVersion'] === 'v1' ? withholdSecret(slim) : slim;
}
