// All objects with one counter of versions, the history that watches and old lists are read from, and who listens.

import type { JsonObject } from '../../model/index.ts';
import { nameOf, namespaceOf, withMetadata } from '../objects/edit.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface StoreEvent {
  readonly type: EventType;
  /** `group/plural`. */
  readonly resource: string;
  readonly version: number;
  /** As it is now; a deleted object as it was last, with the version of its deletion. */
  readonly object: JsonObject;
  /** Left out for an object that is new. */
  readonly previous?: JsonObject;
}

type Listener = (event: StoreEvent) => void;

/** `namespace/name`, or the name alone: lists are sorted by it, as etcd's keys are. */
export function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function keyOfObject(object: JsonObject): string {
  return keyOf(namespaceOf(object), nameOf(object));
}

/** Objects of one resource; the sorted keys are kept until one comes or goes. */
class Shelf {
  readonly objects = new Map<string, JsonObject>();
  #sorted: readonly string[] | undefined;

  set(key: string, object: JsonObject): void {
    if (!this.objects.has(key)) this.#sorted = undefined;
    this.objects.set(key, object);
  }

  delete(key: string): void {
    this.objects.delete(key);
    this.#sorted = undefined;
  }

  sorted(): readonly JsonObject[] {
    this.#sorted ??= [...this.objects.keys()].sort();
    return this.#sorted.map((key) => this.objects.get(key)).filter((each) => each !== undefined);
  }
}

interface KeptList {
  readonly resource: string;
  readonly version: number;
  readonly objects: readonly JsonObject[];
}

const keptLists = 8;

export class Store {
  #version = 1;
  /** Events before this version are gone. */
  #oldest = 1;
  readonly #historyLimit: number;
  #history: StoreEvent[] = [];
  readonly #shelves = new Map<string, Shelf>();
  readonly #listeners = new Set<Listener>();
  #kept: KeptList[] = [];

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get version(): number {
    return this.#version;
  }

  /** The lowest version that lists and watches can still start from. */
  get oldestVersion(): number {
    return this.#oldest;
  }

  #shelf(resource: string): Shelf {
    const known = this.#shelves.get(resource);
    if (known !== undefined) return known;
    const shelf = new Shelf();
    this.#shelves.set(resource, shelf);
    return shelf;
  }

  get(resource: string, namespace: string, name: string): JsonObject | undefined {
    return this.#shelf(resource).objects.get(keyOf(namespace, name));
  }

  /** Sorted by namespace and name. */
  list(resource: string): readonly JsonObject[] {
    return this.#shelf(resource).sorted();
  }

  /** The list as it was at a version; `undefined` where history no longer reaches so far back. */
  listAt(resource: string, version: number): readonly JsonObject[] | undefined {
    if (version === this.#version) return this.list(resource);
    if (version < this.#oldest) return undefined;
    const kept = this.#kept.find((each) => each.resource === resource && each.version === version);
    if (kept !== undefined) return kept.objects;
    const objects = this.#rewind(resource, version);
    this.#kept = [...this.#kept.slice(1 - keptLists), { resource, version, objects }];
    return objects;
  }

  #rewind(resource: string, version: number): readonly JsonObject[] {
    const shelf = new Shelf();
    for (const [key, object] of this.#shelf(resource).objects) shelf.set(key, object);
    for (const event of this.#history.toReversed()) {
      if (event.version <= version) break;
      if (event.resource !== resource) continue;
      const key = keyOfObject(event.object);
      if (event.previous === undefined) shelf.delete(key);
      else shelf.set(key, event.previous);
    }
    return shelf.sorted();
  }

  /** Stores an object, new or changed, under the next version, and returns it with that. */
  put(resource: string, object: JsonObject): JsonObject {
    const shelf = this.#shelf(resource);
    const previous = shelf.objects.get(keyOfObject(object));
    const version = this.#next();
    const stored = withMetadata(object, { resourceVersion: String(version) });
    shelf.set(keyOfObject(stored), stored);
    const event = { resource, version, object: stored };
    this.#publish(previous === undefined ? { ...event, type: 'ADDED' } : { ...event, type: 'MODIFIED', previous });
    return stored;
  }

  /** Removes an object; watchers see `object`, its last state. */
  remove(resource: string, object: JsonObject): JsonObject {
    const previous = this.get(resource, namespaceOf(object), nameOf(object)) ?? object;
    const version = this.#next();
    const last = withMetadata(object, { resourceVersion: String(version) });
    this.#shelf(resource).delete(keyOfObject(object));
    this.#publish({ type: 'DELETED', resource, version, object: last, previous });
    return last;
  }

  #next(): number {
    this.#version += 1;
    return this.#version;
  }

  #publish(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > this.#historyLimit * 2) this.#forget(this.#history.length - this.#historyLimit);
    for (const listener of this.#listeners) listener(event);
  }

  #forget(count: number): void {
    const last = this.#history[count - 1];
    this.#history = this.#history.slice(count);
    if (last !== undefined) this.#oldest = last.version;
    this.#kept = this.#kept.filter((each) => each.version >= this.#oldest);
  }

  /** Forgets all history: lists to be continued and watches to be resumed from before now are answered with 410. */
  forgetHistory(): void {
    this.#next();
    this.#history = [];
    this.#kept = [];
    this.#oldest = this.#version;
  }

  /** Events after a version; `undefined` where history no longer reaches so far back. */
  since(version: number): readonly StoreEvent[] | undefined {
    if (version < this.#oldest) return undefined;
    const first = this.#history.findIndex((event) => event.version > version);
    return first === -1 ? [] : this.#history.slice(first);
  }

  /** Hears every event from now on, in order; the returned function ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
