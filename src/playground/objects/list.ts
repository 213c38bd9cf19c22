// Lists: selected, in pages, at the version that was asked for. Source: "API Concepts" of Kubernetes, tried on 1.34.

import { compact, nameOf, namespaceOf } from './edit.ts';
import type { JsonObject } from '../../model/index.ts';
import type { Kernel } from '../kernel.ts';
import { badRequest, expired, invalid, tooLargeVersion } from '../status-error.ts';
import { forbiddenField, notSupported } from '../validation/causes.ts';
import { keyOf } from '../store/store.ts';
import { type ContinueToken, parseToken, renderToken } from './continue-token.ts';
import { selectionOf } from './selection.ts';
import { presentAt, type Target, targetVersion } from './target.ts';

export interface ListLimits {
  /** More objects than this are never put on one page; 0: no such limit. */
  readonly pageLimit: number;
}

const tokenExpired =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** A version as text; 0 where none was given. */
export function parseVersion(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

interface Snapshot {
  readonly version: number;
  readonly objects: readonly JsonObject[];
}

function objectsAfter(objects: readonly JsonObject[], after: string): readonly JsonObject[] {
  const first = objects.findIndex((each) => keyOf(namespaceOf(each), nameOf(each)) > after);
  return first === -1 ? [] : objects.slice(first);
}

/** Tokens hold keys as etcd does, below a namespace where one was asked for. */
function continued({ store }: Kernel, resource: string, prefix: string, { version, after }: ContinueToken): Snapshot {
  const at = version === -1 ? store.version : version;
  const objects = store.listAt(resource, at);
  if (objects === undefined) throw expired(tokenExpired, { continue: renderToken({ version: -1, after }) });
  return { version: at, objects: objectsAfter(objects, prefix + after) };
}

function started({ store }: Kernel, resource: string, query: URLSearchParams): Snapshot {
  const asked = parseVersion(query.get('resourceVersion'));
  if (asked > store.version) throw tooLargeVersion(asked, store.version);
  if (query.get('resourceVersionMatch') !== 'Exact') return { version: store.version, objects: store.list(resource) };
  const objects = store.listAt(resource, asked);
  if (objects === undefined) throw expired(`The resourceVersion for the provided list is too old.`);
  return { version: asked, objects };
}

const listOptions = { group: 'meta.k8s.io', kind: 'ListOptions' };

function requireMatchingVersion(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch');
  if (match === null) return;
  const path = ['resourceVersionMatch'];
  if (match !== 'Exact' && match !== 'NotOlderThan')
    throw invalid(listOptions, '', [notSupported(path, match, ['Exact', 'NotOlderThan', ''])]);
  if (!query.has('resourceVersion'))
    throw invalid(listOptions, '', [
      forbiddenField(path, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    ]);
}

function limitOf(query: URLSearchParams, { pageLimit }: ListLimits): number {
  const asked = Number(query.get('limit') ?? 0);
  if (pageLimit === 0 || asked === 0) return asked;
  return Math.min(asked, pageLimit);
}

function requireNoOtherVersion(query: URLSearchParams): void {
  const other = query.get('resourceVersion') ?? '0';
  if (other !== '0' && other !== '') throw badRequest('specifying resource version is not allowed when using continue');
}

function snapshotFor(kernel: Kernel, resource: string, prefix: string, query: URLSearchParams): Snapshot {
  requireMatchingVersion(query);
  const token = query.get('continue') ?? '';
  if (token === '') return started(kernel, resource, query);
  requireNoOtherVersion(query);
  return continued(kernel, resource, prefix, parseToken(token));
}

interface Page {
  readonly items: readonly JsonObject[];
  /** Objects that the list has behind this page. */
  readonly left: number;
}

function pageOf(matching: readonly JsonObject[], limit: number): Page {
  if (limit <= 0 || matching.length <= limit) return { items: matching, left: 0 };
  return { items: matching.slice(0, limit), left: matching.length - limit };
}

/** How the list ends: with a token where there is more. */
function endOf(version: number, { items, left }: Page, prefix: string, isSelective: boolean): JsonObject {
  const last = items.at(-1);
  if (left === 0 || last === undefined) return { resourceVersion: String(version) };
  const after = keyOf(namespaceOf(last), nameOf(last)).slice(prefix.length);
  return compact({
    resourceVersion: String(version),
    continue: renderToken({ version, after }),
    remainingItemCount: isSelective ? undefined : left,
  });
}

export function listObjects(kernel: Kernel, target: Target, query: URLSearchParams, limits: ListLimits): JsonObject {
  const { endpoint, namespace } = target;
  const { resource } = endpoint;
  const selection = selectionOf(resource, namespace, query);
  const prefix = namespace === '' ? '' : `${namespace}/`;
  const { version, objects } = snapshotFor(kernel, resource.key, prefix, query);
  const page = pageOf(objects.filter(selection.matches), limitOf(query, limits));
  const items = page.items.map((each) => presentAt(endpoint, each));
  return {
    kind: resource.listKind,
    apiVersion: targetVersion(endpoint),
    metadata: endOf(version, page, prefix, selection.isSelective),
    items: resource.isCustom ? items : items.map(withoutKind),
  };
}

/** Items of built-in lists do not repeat their kind. */
function withoutKind(object: JsonObject): JsonObject {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  return rest;
}
