// Lists a resource page by page, so that any number of objects fits in memory.

import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  UserError,
} from '../../model/index.ts';
import { type ApiResource, groupVersionOf } from '../discovery/api-resource.ts';
import { resourcePath } from '../discovery/find-resource.ts';
import { parseAnswer } from '../http/answer-body.ts';
import type { ApiRequest, Query } from '../http/api-request.ts';
import type { ApiClient } from '../http/client.ts';
import { present } from '../present.ts';
import type { ListOptions, Selection } from './list-options.ts';
import { parseItems } from './parse-items.ts';
import { parseListWithoutManagedFields, peekContinue, peekMetadata } from './parse-list.ts';
import { type Cursor, type Fetched, type Listing, type TellToken, walkPages } from './walk-pages.ts';

export interface ListPage {
  /** Raw objects; `apiVersion` and `kind`, which lists leave out, are set. */
  readonly items: readonly JsonObject[];
  /** To watch from after the last page. */
  readonly resourceVersion: string;
  /** About how many objects are still to come, where the server says so. */
  readonly remaining?: number;
  /** The objects of this page are newer than those of the first: an object may be missing or stand twice. */
  readonly inconsistent: boolean;
  /** The list began anew: forget the pages before this one. */
  readonly restarted: boolean;
}

export function selectionQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

function requestFor({ resource, options, signal }: Listing, { token, pageSize }: Cursor): ApiRequest {
  const first = token === '' ? { resourceVersion: options.resourceVersion } : { continue: token };
  const limit = pageSize === 0 ? undefined : pageSize;
  return {
    path: resourcePath(resource, present<{ namespace: string }>({ namespace: options.namespace })),
    query: { limit, ...first, ...selectionQuery(options) },
    signal,
  };
}

/** The answer's bytes; the token is told as soon as it has come. */
function requestPage({ client }: Listing, request: ApiRequest, tell: TellToken): Promise<Buffer> {
  const onStart = (bytes: Buffer): boolean => {
    const token = peekContinue(bytes);
    if (token !== undefined) tell(token);
    return token !== undefined;
  };
  return client.requestBytes({ ...request, onStart });
}

interface Answer {
  /** Of the next page, '' where there is none; `undefined` where only `parse` tells. */
  readonly token: string | undefined;
  readonly parse: () => JsonObject;
}

/** A page as the server wrote it. */
export interface PageBytes extends Omit<ListPage, 'items'> {
  /** The JSON of the list. */
  readonly bytes: Buffer;
}

interface BytesAnswer {
  readonly token: string;
  readonly bytes: Buffer;
  readonly metadata: JsonObject;
}

function tokenOf(list: JsonObject): string {
  return asString(asObject(list['metadata'])['continue']) ?? '';
}

/** The bytes, and what a list says of itself, which stands before its items. */
async function fetchBytes(listing: Listing, at: Cursor, tell: TellToken): Promise<BytesAnswer> {
  const request = requestFor(listing, at);
  const bytes = await requestPage(listing, request, tell);
  const metadata = peekMetadata(bytes) ?? asObject(requireList(parseBytes(bytes, request), request)['metadata']);
  return { bytes, metadata, token: asString(metadata['continue']) ?? '' };
}

async function fetchList(listing: Listing, at: Cursor, tell: TellToken): Promise<Answer> {
  const request = requestFor(listing, at);
  const bytes = await requestPage(listing, request, tell);
  const { omitManagedFields = false } = listing.options;
  return { token: peekContinue(bytes), parse: () => parseList(bytes, request, omitManagedFields) };
}

function notList({ path }: ApiRequest, cause?: unknown): UserError {
  const advice = 'Is the address that of an API server? A proxy in between may answer in its place.';
  return new UserError('cluster-failed', `the answer to GET ${path} is not a list`, advice, cause);
}

/** A list has items, if only null, as Go writes an empty one: a proxy's answer is no empty list. */
function requireList(list: JsonObject, request: ApiRequest): JsonObject {
  if (list['items'] === null || Array.isArray(list['items'])) return list;
  throw notList(request);
}

/** Throws `UserError` where the answer is no list. */
function parseList(bytes: Buffer, request: ApiRequest, omitManagedFields: boolean): JsonObject {
  const list = omitManagedFields ? parseBytes(bytes, request) : parseAnswer(bytes.toString('utf8'));
  if (list === undefined) throw notList(request);
  return requireList(list, request);
}

function parseBytes(bytes: Buffer, request: ApiRequest): JsonObject {
  try {
    return parseListWithoutManagedFields(bytes);
  } catch (error) {
    throw notList(request, error);
  }
}

/** Lists leave out what is the same for all of their items. */
function withKind(item: JsonObject, apiVersion: string, { kind }: ApiResource): JsonObject {
  return 'kind' in item && 'apiVersion' in item ? item : { apiVersion, kind, ...item };
}

function itemsOf(list: JsonObject, resource: ApiResource): JsonObject[] {
  const apiVersion = asString(list['apiVersion']) ?? groupVersionOf(resource);
  return asArray(list['items'])
    .filter(isJsonObject)
    .map((item) => withKind(item, apiVersion, resource));
}

function remainingOf(metadata: JsonObject): Pick<ListPage, 'remaining'> {
  return present<ListPage>({ remaining: asNumber(metadata['remainingItemCount']) });
}

interface Parsed extends Omit<Fetched<Answer>, 'answer'> {
  readonly list: JsonObject;
}

function toPage({ list, cursor, restarted }: Parsed, resource: ApiResource): ListPage {
  const metadata = asObject(list['metadata']);
  return {
    items: itemsOf(list, resource),
    resourceVersion: asString(metadata['resourceVersion']) ?? '',
    inconsistent: cursor.inconsistent,
    restarted,
    ...remainingOf(metadata),
  };
}

/** All pages. Stop early by leaving the loop: what is under way is ended. Throws `ApiError`. */
export function listPages(
  client: ApiClient,
  resource: ApiResource,
  options: ListOptions = {},
): AsyncGenerator<ListPage> {
  return walkPages({ client, resource, options, fetch: fetchList }, (fetched) => {
    const list = fetched.answer.parse();
    return { token: tokenOf(list), page: toPage({ ...fetched, list }, resource) };
  });
}

/** The same pages unparsed, for who reads the bytes himself. Throws `ApiError`, or a `UserError` where the answer is no list. */
export function listPageBytes(
  client: ApiClient,
  resource: ApiResource,
  options: Omit<ListOptions, 'omitManagedFields'> = {},
): AsyncGenerator<PageBytes> {
  return walkPages({ client, resource, options, fetch: fetchBytes }, ({ answer, cursor, restarted }) => {
    const { bytes, metadata, token } = answer;
    const resourceVersion = asString(metadata['resourceVersion']) ?? '';
    const page = { bytes, resourceVersion, inconsistent: cursor.inconsistent, restarted, ...remainingOf(metadata) };
    return { token, page };
  });
}

export interface PageItems extends Pick<ListPage, 'remaining'> {
  /** Raw objects as in `ListPage`, each parsed when it is asked for: to be gone through once. */
  readonly items: Iterable<JsonObject>;
}

/** The same pages for who looks at one object after the other and keeps few: most of a page is never in memory. Throws as `listPages` does. */
export async function* listItems(
  client: ApiClient,
  resource: ApiResource,
  options: Omit<ListOptions, 'omitManagedFields'> = {},
): AsyncGenerator<PageItems> {
  const request = { path: resourcePath(resource, present<{ namespace: string }>({ namespace: options.namespace })) };
  for await (const { bytes, remaining } of listPageBytes(client, resource, options)) {
    const whole = (): readonly Json[] => asArray(parseList(bytes, request, false)['items']);
    yield { items: objectsOf(parseItems(bytes, whole), resource), ...present<PageItems>({ remaining }) };
  }
}

function* objectsOf(items: Iterable<Json>, resource: ApiResource): Generator<JsonObject> {
  for (const item of items) if (isJsonObject(item)) yield withKind(item, groupVersionOf(resource), resource);
}

export interface WholeList {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
}

/** All objects of one moment, in memory: for resources known to be few, and to watch from. */
export async function listAll(client: ApiClient, resource: ApiResource, options: ListOptions = {}): Promise<WholeList> {
  let items: JsonObject[] = [];
  let resourceVersion = '';
  for await (const page of listPages(client, resource, { whenExpired: 'restart', ...options })) {
    if (page.restarted) items = [];
    for (const item of page.items) items.push(item);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}
