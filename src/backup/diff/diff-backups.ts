// What differs between a backup and another one, or a cluster: object by object, with little kept in memory whatever their size.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Archived } from '../archive/write-archive.ts';
import type { CompiledFilter } from '../browse/object-filter.ts';
import { keyOfPlace, type SavedObject, type SavedObjects } from '../browse/saved-objects.ts';
import { compareObjects } from './compare-objects.ts';
import type { FieldChange } from './field-diff.ts';
import { isNoise } from './normalize.ts';

export interface ObjectDifference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** It was deleted and made again: its identity is another. */
  readonly recreated: boolean;
  /** Of one that changed. */
  readonly fields: readonly FieldChange[];
}

export interface BackupDiff {
  readonly differences: readonly ObjectDifference[];
  /** Objects that both have, without any difference that counts. */
  readonly same: number;
  /** Differences of objects that a cluster keeps by itself, which were left out. */
  readonly leftOut: number;
  /** Secrets whose values could not be compared: in one of the two they are sealed. */
  readonly sealed: number;
}

/** An object of the other side; without `object`, one that is the same to the byte. */
export interface VisitedObject extends Archived {
  readonly object?: JsonObject;
}

export interface DiffInput {
  readonly before: SavedObjects;
  /** The other side, object by object. It is told what the first side holds, so that it need not read what is the same. */
  readonly after: (isSame: (archived: Archived) => boolean) => AsyncIterable<VisitedObject>;
  readonly filter: CompiledFilter;
  readonly keepStatus: boolean;
  /** Also what a cluster keeps by itself. */
  readonly all: boolean;
}

/** Bytes of objects that are held at once to be compared. */
const batchBytes = 32 << 20;

class Diffing {
  readonly differences: ObjectDifference[] = [];
  same = 0;
  leftOut = 0;
  sealed = 0;
  private readonly input: DiffInput;
  private waiting = new Map<string, JsonObject>();
  private waitingBytes = 0;

  constructor(input: DiffInput) {
    this.input = input;
  }

  async run(): Promise<BackupDiff> {
    const { before, after, filter } = this.input;
    const listed = (await before.list()).filter(filter.takesPlace);
    const open = new Map(listed.map((each) => [keyOfPlace(each), each.sha256]));
    // Labels stand in the object: where they decide, it is read whether it is the same or not.
    const isSame = (archived: Archived): boolean =>
      filter.isByPlace && open.get(keyOfPlace(archived)) === archived.sha256;
    for await (const visited of after(isSame)) {
      if (!filter.takesPlace(visited)) continue;
      const isKnown = open.delete(keyOfPlace(visited));
      if (visited.object === undefined) this.same += 1;
      else if (isKnown) await this.wait(visited, visited.object);
      else this.note('added', visited.object, visited.groupResource);
    }
    await this.compareWaiting();
    for await (const { object, groupResource } of this.readBefore(open)) this.note('removed', object, groupResource);
    const { differences, same, leftOut, sealed } = this;
    return { differences: differences.toSorted(inOrder), same, leftOut, sealed };
  }

  private readBefore(keys: {
    readonly has: (key: string) => boolean;
    readonly size: number;
  }): AsyncIterable<SavedObject> {
    if (keys.size === 0) return nothing();
    return this.input.before.read((place) => keys.has(keyOfPlace(place)));
  }

  private async wait(archived: Archived, object: JsonObject): Promise<void> {
    this.waiting.set(keyOfPlace(archived), object);
    this.waitingBytes += archived.bytes;
    if (this.waitingBytes >= batchBytes) await this.compareWaiting();
  }

  private async compareWaiting(): Promise<void> {
    for await (const saved of this.readBefore(this.waiting))
      this.compare(saved.object, this.waiting.get(keyOfPlace(saved)) ?? {}, saved.groupResource);
    this.waiting = new Map();
    this.waitingBytes = 0;
  }

  private compare(before: JsonObject, after: JsonObject, groupResource: string): void {
    const { keepStatus, filter } = this.input;
    if (!filter.takesObject(before) && !filter.takesObject(after)) return;
    const { fields, recreated, sealed } = compareObjects(before, after, keepStatus);
    if (sealed) this.sealed += 1;
    if (fields.length === 0 && !recreated) this.same += 1;
    else this.note('changed', after, groupResource, { fields, recreated });
  }

  private note(
    change: ObjectDifference['change'],
    object: JsonObject,
    groupResource: string,
    rest: Pick<ObjectDifference, 'fields' | 'recreated'> = { fields: [], recreated: false },
  ): void {
    if (!this.input.filter.takesObject(object)) return;
    if (!this.input.all && isNoise(groupResource, object)) {
      this.leftOut += 1;
      return;
    }
    const { apiVersion, kind, metadata } = object;
    const { namespace, name } = asObject(metadata);
    this.differences.push({
      change,
      apiVersion: asString(apiVersion) ?? '',
      kind: asString(kind) ?? '',
      namespace: asString(namespace) ?? '',
      name: asString(name) ?? '',
      ...rest,
    });
  }
}

async function* nothing(): AsyncGenerator<SavedObject> {
  // no object is asked for
}

function inOrder(a: ObjectDifference, b: ObjectDifference): number {
  const [one, other] = [a, b].map(({ namespace, kind, name }) => [namespace, kind, name].join('\n'));
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

/** The other side where it is a backup too: with both manifests, only what differs is read. */
export async function* visitBackup(
  side: SavedObjects,
  isSame: (archived: Archived) => boolean,
): AsyncGenerator<VisitedObject> {
  const different = new Set<string>();
  for (const archived of await side.list())
    if (isSame(archived)) yield archived;
    else different.add(keyOfPlace(archived));
  if (different.size > 0) yield* side.read((place) => different.has(keyOfPlace(place)));
}

/** Throws `UserError` where one of the sides cannot be read. */
export function diffBackups(input: DiffInput): Promise<BackupDiff> {
  return new Diffing(input).run();
}
