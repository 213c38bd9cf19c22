// Brings one object into the cluster, or finds that it is there, and says what happened.

import {
  type ApiClient,
  ApiError,
  type ApiResource,
  createUnread,
  deleteObject,
  getObject,
  isApiError,
  objectNameOf,
  patchObject,
} from '../../api/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { diffFields, type FieldChange } from '../diff/field-diff.ts';
import { assembleChange, assembleStatus, type Change } from './assemble-change.ts';
import { bare, exactPatch, patchToRestore } from './compare-live.ts';
import { isCutOff, type Managers, managersOf, withoutManagers } from './field-managers.ts';
import { joinAccounts } from './join-accounts.ts';

/** What becomes of an object that is there and is not as it was saved. `none` and `update` are Velero's. */
export type ExistingPolicy = 'none' | 'update' | 'recreate';

/** What a dry run tells of an object that is there and differs: from what is there to what would be. */
interface Changing {
  readonly changes?: readonly FieldChange[];
}

interface Made {
  readonly uid: string;
  /** What did not come back with it. */
  readonly message?: string;
}

export type WriteResult =
  | ({ readonly result: 'created' | 'updated' | 'recreated' | 'unchanged' } & Made & Changing)
  /** There, and otherwise; left as it is. */
  | ({ readonly result: 'differs'; readonly uid: string; readonly message: string } & Changing)
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
  /** Others wait for its identity; where none does, a create answers with ''. */
  readonly isAwaited: boolean;
}

const fieldManager = 'nowwhat-restore';

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

/** All writes may be sent twice: an object that was made after all is found to be there. */
function options({ dryRun }: Writing) {
  return { fieldManager, fieldValidation: 'Ignore' as const, repeatable: true, ...(dryRun ? { dryRun } : {}) };
}

async function writeStatus(writing: Writing, { resource, object }: WriteWish): Promise<void> {
  const change = assembleStatus(object['status']);
  const hasStatus = resource.subresources.some(({ name }) => name === 'status');
  if (change === undefined || !hasStatus || writing.dryRun) return;
  const name = { ...objectNameOf(object), subresource: 'status' };
  await patchObject(writing.client, resource, name, { ...change, ...options(writing) });
}

/** Whose fields came back cannot be said in a create: who asks for it owns them all. */
async function writeManagers(writing: Writing, { resource, object }: WriteWish, managers: Managers): Promise<string> {
  if (writing.dryRun || managers.later.length === 0) return '';
  const body = { metadata: { managedFields: managers.later } };
  try {
    await patchObject(writing.client, resource, objectNameOf(object), { type: 'merge', body, ...options(writing) });
    return '';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `comes back without its field managers: ${error.message}`;
  }
}

async function create(writing: Writing, wish: WriteWish): Promise<Made> {
  const managers = managersOf(wish.object);
  const fieldManager = managers.first ?? options(writing).fieldManager;
  const sent = withoutManagers(wish.object);
  const made = await createUnread(writing.client, wish.resource, sent, { ...options(writing), fieldManager });
  await writeStatus(writing, wish);
  const message = await writeManagers(writing, wish, managers);
  return { uid: wish.isAwaited ? uidOf(made()) : '', ...(message === '' ? {} : { message }) };
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

async function remove({ client }: Writing, { resource, object }: WriteWish): Promise<void> {
  try {
    await deleteObject(client, resource, objectNameOf(object), { propagation: 'Background', repeatable: true });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

async function recreate(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  if (!writing.dryRun) {
    await remove(writing, wish);
    await waitGone(writing, wish);
    return { result: 'recreated', ...(await create(writing, wish)) };
  }
  return { result: 'recreated', uid: '' };
}

/** Accounts are always joined: the cluster's own controllers have a part in them. */
function policyFor(existing: ExistingPolicy, isJoined: boolean): ExistingPolicy {
  return existing === 'none' && isJoined ? 'update' : existing;
}

function isAccount({ resource }: WriteWish): boolean {
  return resource.group === '' && resource.resource === 'serviceaccounts';
}

/** What stands in the place of an object, and how it differs. */
interface Meeting {
  readonly live: JsonObject;
  readonly change: Change;
}

function sendChange(writing: Writing, { resource, object }: WriteWish, change: Change): Promise<JsonObject> {
  return patchObject(writing.client, resource, objectNameOf(object), { ...change, ...options(writing) });
}

/**
 * The object as it would be with the change; nothing where that would change nothing: fields that the cluster fills in by itself come back. A dry run
 * tells; where it is refused, fields that only the live object has count as the cluster's.
 */
async function askForChange(
  writing: Writing,
  wish: WriteWish,
  { live, change }: Meeting,
): Promise<JsonObject | undefined> {
  const before = wish.prepareLive(live);
  try {
    const after = wish.prepareLive(await sendChange({ ...writing, dryRun: true }, wish, change));
    return exactPatch(before, after) === undefined ? undefined : after;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    return patchToRestore(before, wish.object) === undefined ? undefined : wish.object;
  }
}

const mostPaths = 5;

function pathsText(changes: readonly FieldChange[]): string {
  const told = changes.slice(0, mostPaths).map(({ path }) => path);
  const others = changes.length - told.length;
  return `${told.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** What a restore that was cut off has left to do. */
async function finish(writing: Writing, wish: WriteWish, live: JsonObject): Promise<{ readonly message?: string }> {
  if (!isUnfinished(live, wish.object)) return {};
  const message = await writeManagers(writing, wish, managersOf(wish.object));
  return message === '' ? {} : { message };
}

/** Made by a restore that did not come to its end. */
export function isUnfinished(live: JsonObject, wanted: JsonObject): boolean {
  return isCutOff(live, wanted, fieldManager);
}

async function meetExisting(writing: Writing, wish: WriteWish): Promise<WriteResult> {
  const live = await getObject(writing.client, wish.resource, objectNameOf(wish.object));
  const uid = uidOf(live);
  const isJoined = isAccount(wish);
  const wanted = isJoined ? joinAccounts(live, wish.object) : wish.object;
  const before = wish.prepareLive(live);
  const change = assembleChange(live, before, wanted);
  const after = change && (await askForChange(writing, { ...wish, object: wanted }, { live, change }));
  if (change === undefined || after === undefined)
    return { result: 'unchanged', uid, ...(await finish(writing, wish, live)) };
  const changes = diffFields(bare(before), bare(after));
  const told = writing.dryRun ? { changes } : {};
  switch (policyFor(writing.existing, isJoined)) {
    case 'none':
      return { result: 'differs', uid, message: `is there already and differs in ${pathsText(changes)}`, ...told };
    case 'recreate':
      return { ...(await recreate(writing, wish)), ...told };
    case 'update':
      await sendChange(writing, wish, change);
      return { result: 'updated', uid, ...told };
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
      return { result: 'created', ...(await create(writing, wish)) };
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
  let refusal: unknown;
  try {
    if (wish.isThere !== true) return await createWhenReady(writing, wish);
  } catch (error) {
    if (!isThere(error)) return failed(error);
    refusal = error;
  }
  try {
    return await meetOrCreate(writing, wish);
  } catch (error) {
    // Its port was taken by another one: that is why it is not there.
    return failed(refusal !== undefined && isApiError(error, 404) ? refusal : error);
  }
}

function failed(error: unknown): WriteResult {
  if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
  return { result: 'failed', message: error.message };
}
