// The objects of one resource in memory, by key and by index; what a list or an event changes comes out as changes.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { resourceVersionOf, type WatchEvent } from '../objects/watch.ts';

export type StoreChange =
  | { readonly type: 'added'; readonly key: string; readonly object: JsonObject }
  | { readonly type: 'changed'; readonly key: string; readonly object: JsonObject; readonly previous: JsonObject }
  /** `object` is the last state that was seen. */
  | { readonly type: 'removed'; readonly key: string; readonly object: JsonObject };

/** The values under which an object is found: of a pod its node, or the uids of its owners. */
export type IndexBy = (object: JsonObject) => readonly string[];

/** `namespace/name`, or the name alone for cluster-scoped objects. */
export function keyOf(object: JsonObject): string {
  const metadata = asObject(object['metadata']);
  const namespace = asString(metadata['namespace']);
  const name = asString(metadata['name']) ?? '';
  return namespace === undefined ? name : `${namespace}/${name}`;
}

type Index = { readonly by: IndexBy; readonly keys: Map<string, Set<string>> };

export class ObjectStore {
  readonly #objects = new Map<string, JsonObject>();
  readonly #indexes: ReadonlyMap<string, Index>;

  constructor(indexes: Readonly<Record<string, IndexBy>> = {}) {
    this.#indexes = new Map(Object.entries(indexes).map(([name, by]) => [name, { by, keys: new Map() }]));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): JsonObject | undefined {
    return this.#objects.get(key);
  }

  list(): JsonObject[] {
    return [...this.#objects.values()];
  }

  /** The objects under a value of an index; a name of no index is our own mistake. */
  find(index: string, value: string): JsonObject[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`no index "${index}"`);
    return [...(found.keys.get(value) ?? [])].map((key) => this.#objects.get(key)).filter((each) => each !== undefined);
  }

  /** Takes a whole list for the truth: what it does not hold is gone, also where no event ever said so. */
  replace(items: readonly JsonObject[]): StoreChange[] {
    const listed = new Set(items.map(keyOf));
    const gone = [...this.#objects.keys()].filter((key) => !listed.has(key));
    return [
      ...gone.flatMap((key) => this.#remove(key, undefined)),
      ...items.flatMap((object) => this.#put(keyOf(object), object)),
    ];
  }

  apply({ type, object }: WatchEvent): StoreChange[] {
    if (type === 'BOOKMARK') return [];
    const key = keyOf(object);
    return type === 'DELETED' ? this.#remove(key, object) : this.#put(key, object);
  }

  #put(key: string, object: JsonObject): StoreChange[] {
    const previous = this.#objects.get(key);
    const version = resourceVersionOf(object);
    if (previous !== undefined && version !== undefined && resourceVersionOf(previous) === version) return [];
    this.#unindex(key, previous);
    this.#objects.set(key, object);
    this.#index(key, object);
    return [previous === undefined ? { type: 'added', key, object } : { type: 'changed', key, object, previous }];
  }

  #remove(key: string, last: JsonObject | undefined): StoreChange[] {
    const previous = this.#objects.get(key);
    if (previous === undefined) return [];
    this.#unindex(key, previous);
    this.#objects.delete(key);
    return [{ type: 'removed', key, object: last ?? previous }];
  }

  #index(key: string, object: JsonObject): void {
    for (const { by, keys } of this.#indexes.values())
      for (const value of by(object)) {
        const under = keys.get(value);
        if (under === undefined) keys.set(value, new Set([key]));
        else under.add(key);
      }
  }

  #unindex(key: string, object: JsonObject | undefined): void {
    if (object === undefined) return;
    for (const { by, keys } of this.#indexes.values())
      for (const value of by(object)) {
        const under = keys.get(value);
        under?.delete(key);
        if (under?.size === 0) keys.delete(value);
      }
  }
}
