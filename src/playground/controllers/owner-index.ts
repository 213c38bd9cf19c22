// Which objects name which owner: kept up to date by the store's events, so that nobody has to look through all objects.

import { asString, type JsonObject } from '../../model/index.ts';
import { nameOf, namespaceOf, ownersOf } from '../objects/edit.ts';
import { keyOf, type Store } from '../store/store.ts';

export interface Reference {
  /** `group/plural`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

function ownerUids(object: JsonObject | undefined): string[] {
  return object === undefined ? [] : ownersOf(object).flatMap((owner) => asString(owner['uid']) ?? []);
}

export class OwnerIndex {
  readonly #store: Store;
  readonly #owned = new Map<string, Map<string, Reference>>();

  constructor(store: Store) {
    this.#store = store;
    store.listen(({ type, resource, object, previous }) => {
      const reference = { resource, namespace: namespaceOf(object), name: nameOf(object) };
      for (const uid of ownerUids(previous)) this.#remove(uid, reference);
      if (type !== 'DELETED') for (const uid of ownerUids(object)) this.#add(uid, reference);
    });
  }

  #keyOf({ resource, namespace, name }: Reference): string {
    return `${resource}|${keyOf(namespace, name)}`;
  }

  #add(uid: string, reference: Reference): void {
    const known = this.#owned.get(uid) ?? new Map<string, Reference>();
    known.set(this.#keyOf(reference), reference);
    this.#owned.set(uid, known);
  }

  #remove(uid: string, reference: Reference): void {
    const known = this.#owned.get(uid);
    known?.delete(this.#keyOf(reference));
    if (known?.size === 0) this.#owned.delete(uid);
  }

  referencesTo(uid: string): Reference[] {
    return [...(this.#owned.get(uid)?.values() ?? [])];
  }

  /** Objects of one resource that name the owner. */
  ownedBy(uid: string, resource: string): JsonObject[] {
    return this.referencesTo(uid)
      .filter((each) => each.resource === resource)
      .map(({ namespace, name }) => this.#store.get(resource, namespace, name))
      .filter((each) => each !== undefined);
  }
}
