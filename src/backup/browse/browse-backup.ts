// Looks through the objects of one backup: those that a filter takes, and where a text stands in them.

import type { Archived } from '../archive/write-archive.ts';
import type { CompiledFilter } from './object-filter.ts';
import type { SavedObject, SavedObjects } from './saved-objects.ts';
import { type Match, searchObject } from './search-object.ts';

export interface FoundObject extends Archived {
  /** Where a searched text stands; left out where none was searched. */
  readonly matches?: readonly Match[];
}

/** Places that are told of one object. */
const mostMatches = 20;

async function* readTaken(saved: SavedObjects, filter: CompiledFilter): AsyncGenerator<SavedObject> {
  for await (const each of saved.read(filter.takesPlace)) if (filter.takesObject(each.object)) yield each;
}

/** With nothing but places to decide, no object of ours is read. Throws `UserError` where the backup cannot be read. */
export async function* findObjects(
  saved: SavedObjects,
  filter: CompiledFilter,
  text?: string,
): AsyncGenerator<FoundObject> {
  if (filter.isByPlace && text === undefined) {
    for (const archived of await saved.list()) if (filter.takesPlace(archived)) yield archived;
    return;
  }
  for await (const { object, ...archived } of readTaken(saved, filter)) {
    const matches = text === undefined ? undefined : searchObject(object, text, mostMatches);
    if (matches === undefined) yield archived;
    else if (matches.length > 0) yield { ...archived, matches };
  }
}

/** The objects themselves; values of Secrets are still in them. */
export function readObjects(saved: SavedObjects, filter: CompiledFilter): AsyncGenerator<SavedObject> {
  return readTaken(saved, filter);
}
