// An object as the API server wrote it: its bytes go into the archive, and it is parsed only where somebody looks into it.

import type { ApiResource } from '../../api/index.ts';
import { asObject, type JsonObject, parseJson, UserError } from '../../model/index.ts';
import { BrokenJson, type Member, type SortedObject } from '../archive/sort-json.ts';
import { sortObject, splitList } from '../archive/split-list.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { mayLeaveOut } from './left-out.ts';

/** What lists leave out of their items. */
function lackingOf({ group, version, kind }: ApiResource): readonly Member[] {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return [
    { key: 'apiVersion', value: JSON.stringify(apiVersion) },
    { key: 'kind', value: JSON.stringify(kind) },
  ];
}

export class ListedObject implements ArchivedObject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly content: Buffer;
  /** False where nothing that came with it says so of any object. */
  readonly mayBeLeftOut: boolean;
  private parsed: JsonObject | undefined;

  constructor(
    { group, version, kind, resource, namespaced }: ApiResource,
    { content, name, namespace }: SortedObject,
    mayBeLeftOut = true,
  ) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.resource = resource;
    this.namespace = namespaced ? namespace : '';
    this.name = name;
    this.content = content;
    this.mayBeLeftOut = mayBeLeftOut;
  }

  get raw(): JsonObject {
    this.parsed ??= asObject(parseJson(this.content.toString('utf8')));
    return this.parsed;
  }
}

function notUnderstood(what: string, error: unknown): unknown {
  if (!(error instanceof BrokenJson)) return error;
  const advice = 'Is the address that of an API server? A proxy in between may answer in its place.';
  return new UserError('cluster-failed', `the answer is not ${what}: ${error.message}`, advice, error);
}

/** The objects of a page. Throws `UserError` where it is no list. */
export function* readItems(resource: ApiResource, list: Buffer): Generator<ListedObject> {
  try {
    const mayBeLeftOut = mayLeaveOut(list);
    for (const item of splitList(list, lackingOf(resource))) yield new ListedObject(resource, item, mayBeLeftOut);
  } catch (error) {
    throw notUnderstood('a list', error);
  }
}

/** One object. Throws `UserError` where the answer is none. */
export function readItem(resource: ApiResource, answer: Buffer): ListedObject {
  try {
    return new ListedObject(resource, sortObject(answer));
  } catch (error) {
    throw notUnderstood('an object', error);
  }
}
