// Brings one object into the cluster, or finds that it is there, and says what happened.

import {
  type ApiClient,
  type ApiResource,
  createObject,
  deleteObject,
  getObject,
  isApiError,
  objectNameOf,
  patchObject,
} from '../../api/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { patchToRestore } from './compare-live.ts';

/** What becomes of an object that is there and is not as it was saved. `none` and `update` are Velero's. */
export type ExistingPolicy = 'none' | 'update' | 'recreate';

export type WriteResult =
  | { readonly result: 'created' | 'updated' | 'recreated' | 'unchanged'; readonly uid: string }
  /** There, and otherwise; left as it is. */
  | { readonly result: 'differs'; readonly uid: string; readonly message: string }
  | { readonly result: 'failed'; readonly message: string };

export interface Writing {
  readonly client: ApiClient;
  readonly existing: ExistingPolicy;
  readonly dryRun: boolean;
  /** Milliseconds to wait for an object that is to go before it is made anew. */
  readonly goneWithin: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface WriteWish {
  readonly resource: ApiResource;
  readonly object: JsonObject;
  /** The live object as this restore would have prepared it. */
  readonly prepareLive: (live: JsonObject) => JsonObject;
  /** It was seen there a moment ago: creating it is not tried first. */
  readonly isThere?: boolean;
}

const fieldManager = 'nowwhat-restore';

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

function options({ dryRun }: Writing) {
  return { fieldManager, fieldValidation: 'Ignore' as const, ...(dryRun ? { dryRun } : {}) };
}

async function writeStatus(writing: Writing, { resource, object }: WriteWish): Promise<void> {
  const { status } = object;
  const hasStatus = resource.subresources.some(({ name }) => name === 'status');
  if (status === undefined || !hasStatus || writing.dryRun) return;
  const name = { ...objectNameOf(object), subresource: 'status' };
  await patchObject(writing.client, resource, name, { type: 'merge', body: { status }, ...options(writing) });
}

async function create(writing: Writing, wish: WriteWish): Promise<JsonObject> {
  const made = await createObject(writing.client, wish.resource, wish.object, options(writing));
  await writeStatus(writing, wish);
  return made;
}

async function waitGone({ client, goneWithin, sleep }: Writing, { resource, object }: WriteWish): Promise<void> {
  for (let waited = 0; waited <= goneWithin; waited += 500) {
    try {
      await getObject(client, resource, objectNameOf(object));
    } catch (error) {
      if (isApiError(error, 404)) return;
      throw error;
    }
    await sleep(500);
  }
  throw new UserError('cluster-failed', 'the object that stands in its place does not go', 'A finalizer may hold it.');
}

async function recreate(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  if (!writing.dryRun) {
    await deleteObject(writing.client, wish.resource, objectNameOf(wish.object), { propagation: 'Background' });
    await waitGone(writing, wish);
    return { result: 'recreated', uid: uidOf(await create(writing, wish)) };
  }
  return { result: 'recreated', uid: '' };
}

/** Accounts are always joined: the cluster's own controllers have a part in them. */
export function policyFor(existing: ExistingPolicy, resource: Pick<ApiResource, 'group' | 'resource'>): ExistingPolicy {
  return existing === 'none' && resource.group === '' && resource.resource === 'serviceaccounts' ? 'update' : existing;
}

export function differing(patch: JsonObject, uid: string): WriteResult {
  return { result: 'differs', uid, message: `is there already and differs in ${Object.keys(patch).join(', ')}` };
}

async function meetExisting(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  const live = await getObject(writing.client, wish.resource, objectNameOf(wish.object));
  const patch = patchToRestore(wish.prepareLive(live), wish.object);
  const uid = uidOf(live);
  if (patch === undefined) return { result: 'unchanged', uid };
  switch (policyFor(writing.existing, wish.resource)) {
    case 'none':
      return differing(patch, uid);
    case 'recreate':
      return recreate(writing, wish);
    case 'update': {
      const name = objectNameOf(wish.object);
      await patchObject(writing.client, wish.resource, name, { type: 'merge', body: patch, ...options(writing) });
      return { result: 'updated', uid };
    }
  }
}

/** A Service whose port is taken by itself is one that exists: the API server checks the port first. */
function isThere(error: unknown): boolean {
  return isApiError(error, 409) || (isApiError(error, 422) && /provided port is already allocated/.test(error.message));
}

/**
 * What the API server answers where something of its own is about to be there: the account of a new namespace, the resource of a new definition.
 * Source: Kubernetes 1.34, the ServiceAccount admission plug-in and the apiextensions handler.
 */
function isNotYet(error: unknown): boolean {
  if (isApiError(error, 403))
    return /error looking up service account|service account .* was not found/.test(error.message);
  return isApiError(error, 404) && /could not find the requested resource/.test(error.message);
}

const notYetTries = 20;

async function createWhenReady(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { result: 'created', uid: uidOf(await create(writing, wish)) };
    } catch (error) {
      if (!isNotYet(error) || writing.dryRun || tries === notYetTries) throw error;
      await writing.sleep(250);
    }
  }
}

async function meetOrCreate(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  try {
    return await meetExisting(writing, wish);
  } catch (error) {
    // It went away since it was seen.
    if (wish.isThere !== true || !isApiError(error, 404)) throw error;
    return await createWhenReady(writing, wish);
  }
}

/** Throws only where the cluster is gone. */
export async function writeObject(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  try {
    if (wish.isThere !== true) return await createWhenReady(writing, wish);
  } catch (error) {
    if (!isThere(error)) return failed(error);
  }
  try {
    return await meetOrCreate(writing, wish);
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): WriteResult {
  if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
  return { result: 'failed', message: error.message };
}
