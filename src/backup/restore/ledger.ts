// What a restore has done so far: a line for each object, the warnings, and who is who now.

import { asString, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { ItemResult, RestoredItem } from './restore-wish.ts';

export const noCounts: Readonly<Record<ItemResult, number>> = {
  created: 0,
  updated: 0,
  recreated: 0,
  unchanged: 0,
  differs: 0,
  skipped: 0,
  pruned: 0,
  failed: 0,
};

export interface Noted {
  readonly result: ItemResult;
  readonly message?: string;
  readonly changes?: RestoredItem['changes'];
  /** Its new identity. */
  readonly uid?: string;
}

export class Ledger {
  readonly items: RestoredItem[] = [];
  readonly newUids: Map<string, string>;
  readonly counts: Record<ItemResult, number> = { ...noCounts };
  private readonly said = new Set<string>();
  private readonly mapNamespace: (namespace: string) => string;
  private readonly tell: (done: number) => void;

  constructor(
    newUids: ReadonlyMap<string, string>,
    mapNamespace: (namespace: string) => string,
    tell: (done: number) => void,
  ) {
    this.newUids = new Map(newUids);
    this.mapNamespace = mapNamespace;
    this.tell = tell;
  }

  /** `oldUid`: '' where nobody asks for it. */
  note(place: EntryPlace, object: JsonObject, { result, message, changes, uid }: Noted, oldUid = ''): void {
    const { groupResource, namespace, name } = place;
    if (oldUid !== '' && uid !== undefined) this.newUids.set(oldUid, uid);
    this.add({
      groupResource,
      version: asString(object['apiVersion']) ?? '',
      kind: asString(object['kind']) ?? '',
      namespace: namespace === '' ? '' : this.mapNamespace(namespace),
      name: groupResource === 'namespaces' ? this.mapNamespace(name) : name,
      result,
      ...(message === undefined ? {} : { message }),
      ...(changes === undefined ? {} : { changes }),
    });
  }

  /** An object that stands where it goes already. */
  add(item: RestoredItem): void {
    this.counts[item.result] += 1;
    this.items.push(item);
    if (this.items.length % 100 === 0) this.tell(this.items.length);
  }

  /** Warnings are for people: the same one twice says nothing. */
  warn(text: string): void {
    this.said.add(text);
  }

  get warnings(): readonly string[] {
    return [...this.said];
  }
}
