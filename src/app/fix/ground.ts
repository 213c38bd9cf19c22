// What changes of a unit are put upon: the snapshot that their objects are of, and the unit as it was before.

import { resolve, sep } from 'node:path';
import { editValue } from '../../fixes/index.ts';
import type { Schemas } from '../../kube/schema/index.ts';
import type { Change, Edit, Json, KubeObject, Snapshot } from '../../model/index.ts';
import type { OpenUnit } from './open-unit.ts';
import type { Route } from './unit-attempt.ts';

export interface Ground {
  readonly snapshot: Snapshot;
  readonly open: OpenUnit;
  readonly schemas: Schemas;
  /** Why a change may not go where others share the file. */
  readonly unshared: ReadonlyMap<Change, string>;
}

/** What is wanted of one object. */
export interface ObjectWish {
  readonly wish: Change;
  readonly object: KubeObject;
  readonly edits: readonly Edit[];
  /** Edits of the object that were put before. */
  readonly earlier: readonly Edit[];
  readonly route: Route;
}

/** An object that is to go. */
export interface Removal {
  readonly wish: Change;
  readonly object: KubeObject;
  readonly route: Route;
}

export function applyEdits(
  { object, earlier }: Pick<ObjectWish, 'object' | 'earlier'>,
  edits: readonly Edit[] = [],
): Json {
  return [...earlier, ...edits].reduce<Json>(editValue, object.raw);
}

export function isBelow(file: string, folder: string): boolean {
  const path = resolve(file);
  const root = resolve(folder);
  return path === root || path.startsWith(root === sep ? sep : root + sep);
}
