// Changes to objects: create, replace, patch, apply, delete, evict. Raw JSON goes out as it is and comes back as the server made it.

import { asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import type { ApiResource } from '../discovery/api-resource.ts';
import { resourcePath } from '../discovery/find-resource.ts';
import type { ApiRequest, Query } from '../http/api-request.ts';
import type { ApiClient } from '../http/client.ts';
import { holdObject, type UnreadObject } from '../http/require-object.ts';
import { present } from '../present.ts';
import { selectionQuery } from './list-pages.ts';
import type { Selection } from './list-options.ts';

type At = Pick<ApiResource, 'group' | 'version' | 'resource'>;

/** One object, or a subresource of it as `status` or `scale`. */
export interface ObjectName {
  /** Left out for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: string;
}

export interface WriteOptions {
  /** Everything is done but the storing: admission, validation, defaults. */
  readonly dryRun?: boolean;
  /** Who is recorded in `managedFields`. Default: the client's own name. */
  readonly fieldManager?: string;
  /** What becomes of unknown and doubled fields; the server's default is `Warn`. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** Sent again after a broken connection or answer: for who copes with a write that was carried out after all. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take over fields that another manager holds with another value; otherwise that is a 409. */
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  /** `Background` is the default of most kinds; `Foreground` waits for what the object owns; `Orphan` leaves that alone. */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Delete only this very object: a 409 where it has been replaced or changed since. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  /** Sent again after a broken connection: the second time it may be a 404. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal;
}

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** `strategic` is for built-in kinds only; custom resources take `merge`. */
export type PatchType = keyof typeof patchTypes;

function writeQuery({ dryRun, fieldManager, fieldValidation }: WriteOptions): Query {
  return { dryRun: dryRun === true ? 'All' : undefined, fieldManager, fieldValidation };
}

function sending({ signal, repeatable }: Pick<WriteOptions, 'signal' | 'repeatable'>): Partial<ApiRequest> {
  return present<ApiRequest>({ signal, repeatable });
}

/** Namespace and name as the object itself has them. */
export function objectNameOf(object: JsonObject): ObjectName {
  const metadata = asObject(object['metadata']);
  const namespace = asString(metadata['namespace']);
  return { name: asString(metadata['name']) ?? '', ...present<ObjectName>({ namespace }) };
}

export function getObject(
  client: ApiClient,
  resource: At,
  name: ObjectName,
  signal?: AbortSignal,
): Promise<JsonObject> {
  return client.request({ path: resourcePath(resource, name), ...present<ApiRequest>({ signal }) });
}

/** The namespace is the object's own. The answer has the name that `generateName` came to. */
export function createObject(
  client: ApiClient,
  resource: At,
  object: JsonObject,
  options: WriteOptions = {},
): Promise<JsonObject> {
  return client.request(creation(resource, object, options));
}

/** As `createObject`, for who needs the answer of few of many. */
export async function createUnread(
  client: ApiClient,
  resource: At,
  object: JsonObject,
  options: WriteOptions = {},
): Promise<UnreadObject> {
  const request = creation(resource, object, options);
  return holdObject(await client.requestBytes(request), request);
}

function creation(resource: At, object: JsonObject, options: WriteOptions): ApiRequest {
  const { namespace } = objectNameOf(object);
  return {
    method: 'POST',
    path: resourcePath(resource, present<{ namespace: string }>({ namespace })),
    query: writeQuery(options),
    body: object,
    ...sending(options),
  };
}

/** Puts the whole object in place; a 409 where its `resourceVersion` is not the newest. */
export function replaceObject(
  client: ApiClient,
  resource: At,
  object: JsonObject,
  options: WriteOptions & { readonly subresource?: string } = {},
): Promise<JsonObject> {
  const name = { ...objectNameOf(object), ...present<ObjectName>({ subresource: options.subresource }) };
  return client.request({
    method: 'PUT',
    path: resourcePath(resource, name),
    query: writeQuery(options),
    body: object,
    ...sending(options),
  });
}

export interface Patch {
  readonly type: PatchType;
  /** A list of operations for `json`, part of the object for the others. */
  readonly body: Json;
}

export function patchObject(
  client: ApiClient,
  resource: At,
  name: ObjectName,
  { type, body, ...options }: Patch & WriteOptions,
): Promise<JsonObject> {
  return client.request({
    method: 'PATCH',
    path: resourcePath(resource, name),
    query: writeQuery(options),
    body,
    contentType: patchTypes[type],
    ...sending(options),
  });
}

/**
 * Server-side apply: the fields of `object` become ours, those we applied before and now leave out go away. It may be tried again after a broken
 * connection, for applied twice is applied once; not where the object names the version that it is for: the second time there is a newer one.
 */
export function applyObject(
  client: ApiClient,
  resource: At,
  object: JsonObject,
  options: ApplyOptions & { readonly subresource?: string },
): Promise<JsonObject> {
  const name = { ...objectNameOf(object), ...present<ObjectName>({ subresource: options.subresource }) };
  return client.request({
    method: 'PATCH',
    path: resourcePath(resource, name),
    query: { ...writeQuery(options), force: options.force },
    body: object,
    // JSON is YAML: what the server reads is the same.
    contentType: 'application/apply-patch+yaml',
    repeatable: asObject(object['metadata'])['resourceVersion'] === undefined,
    ...sending(options),
  });
}

function deleteBody({ propagation, uid, resourceVersion, gracePeriodSeconds, dryRun }: DeleteOptions): JsonObject {
  const preconditions = present<JsonObject>({ uid, resourceVersion });
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...present<JsonObject>({
      propagationPolicy: propagation,
      gracePeriodSeconds,
      preconditions: Object.keys(preconditions).length === 0 ? undefined : preconditions,
      dryRun: dryRun === true ? ['All'] : undefined,
    }),
  };
}

/** The answer is the object where it lives on for a while (finalizers, grace), else a `Status`. */
export function deleteObject(
  client: ApiClient,
  resource: At,
  name: ObjectName,
  options: DeleteOptions = {},
): Promise<JsonObject> {
  return client.request({
    method: 'DELETE',
    path: resourcePath(resource, name),
    body: deleteBody(options),
    ...sending(options),
  });
}

/** All objects of a selection in one request. `namespace: ''` is all namespaces, which few servers' users may delete in. */
export function deleteObjects(
  client: ApiClient,
  resource: At,
  selection: Selection & { readonly namespace: string },
  options: Omit<DeleteOptions, 'uid' | 'resourceVersion'> = {},
): Promise<JsonObject> {
  return client.request({
    method: 'DELETE',
    path: resourcePath(resource, { namespace: selection.namespace }),
    query: selectionQuery(selection),
    body: deleteBody(options),
    ...sending(options),
  });
}

/**
 * Asks for a pod's end as a node drain does: refused with a 429 while a PodDisruptionBudget forbids it, and that answer is the caller's at once:
 * how long to wait is a matter of policy, not of load.
 */
export function evictPod(
  client: ApiClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  options: DeleteOptions = {},
): Promise<JsonObject> {
  return client.request({
    method: 'POST',
    path: resourcePath({ group: '', version: 'v1', resource: 'pods' }, { namespace, name, subresource: 'eviction' }),
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: deleteBody(options),
    },
    patient: false,
    ...sending(options),
  });
}
