// Which changes may go into a base that others share: those whose finding is open in every overlay that has the object.

import { resolve } from 'node:path';
import { isSetByEntry } from '../../fixes/index.ts';
import { followPath } from '../../inventory/index.ts';
import {
  type Change,
  isSameJson,
  type KubeObject,
  type ObjectEdits,
  type Path,
  type Snapshot,
  valueAt,
} from '../../model/index.ts';
import type { OpenUnit } from './open-unit.ts';
import { objectsOf } from './unit-attempt.ts';
import { type OpenSibling, sharesPlace, twinsOf } from './siblings.ts';

/** Whether what a change puts right is open for an object of another rendering as well. */
export type FailsIn<T extends Change> = (wish: T, rendered: Snapshot, twin: KubeObject) => Promise<boolean>;

interface Place {
  readonly snapshot: Snapshot;
  readonly open: OpenUnit;
}

/** A sibling that is judged in the same run is edited for its own sake. */
function isReadAsWell({ folder }: OpenSibling, { facts: { units = [] } }: Snapshot): boolean {
  return units.some(({ unit, leftOut }) => leftOut === undefined && resolve(unit) === resolve(folder));
}

/** True where an edit or a removal goes into a file that the sibling is made from, too. */
function isConcerned(sibling: OpenSibling, snapshot: Snapshot, { edits, remove = [] }: Change): boolean {
  const paths = (each: ObjectEdits): Path[] => each.edits.map(({ path }) => path);
  return (
    edits.some((each) => sharesPlace(sibling, snapshot, each.object, paths(each))) ||
    remove.some((object) => sharesPlace(sibling, snapshot, object, []))
  );
}

async function obstacleIn<T extends Change>(
  { snapshot }: Place,
  sibling: OpenSibling,
  wish: T,
  fails: FailsIn<T>,
): Promise<string | undefined> {
  const { folder, now } = sibling;
  if (!isConcerned(sibling, snapshot, wish)) return undefined;
  if (now.objects.length === 0) return `${folder}, which shares its base, cannot be rendered`;
  const twins = objectsOf(wish).flatMap((object) => twinsOf(object, snapshot, sibling));
  if (twins.length === 0) return undefined;
  if (isReadAsWell(sibling, snapshot)) return `${folder}, which shares its base, is edited as well`;
  if (!wish.edits.every((each) => isSameIn(each, snapshot, sibling)))
    return `it has another value in ${folder}, which shares its base`;
  for (const twin of twins) if (await fails(wish, now, twin)) return undefined;
  return `it is no finding in ${folder}, which shares its base`;
}

/** True where the fields say the same, and no entry of a kustomization decides them: then the same edit means the same. */
function isSameIn({ object, edits }: ObjectEdits, snapshot: Snapshot, sibling: OpenSibling): boolean {
  return twinsOf(object, snapshot, sibling).every((twin) =>
    edits.every(({ path }) => {
      const { path: there, isWhole } = followPath(object.raw, twin.raw, path);
      const value = isWhole ? valueAt(twin.raw, there) : undefined;
      return isSameJson(value, valueAt(object.raw, path)) && !(isWhole && isSetByEntry(twin, there));
    }),
  );
}

async function obstacle<T extends Change>(place: Place, wish: T, fails: FailsIn<T>): Promise<string | undefined> {
  // New objects are the kustomization's own: what names them may not stand where others have none.
  if (wish.create.length > 0) return 'it needs an object that others do not have';
  for (const sibling of place.open.siblings) {
    const reason = await obstacleIn(place, sibling, wish, fails);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Changes that must stay with the kustomization's own files, with the reason. */
export async function findUnshared<T extends Change>(
  place: Place,
  wishes: readonly T[],
  fails: FailsIn<T>,
): Promise<ReadonlyMap<Change, string>> {
  const unshared = new Map<Change, string>();
  for (const wish of wishes) {
    const reason = await obstacle(place, wish, fails);
    if (reason !== undefined) unshared.set(wish, reason);
  }
  return unshared;
}
