// What a fix is made of: changes of objects that are there, and objects that are not there yet.

import type { Path } from './json.ts';
import type { Json, JsonObject } from './json-value.ts';
import type { KubeObject } from './object.ts';

/** A change of one field. Paths go from the root of the object; parents that are missing are made. */
export type Edit =
  | { readonly op: 'set'; readonly path: Path; readonly value: Json }
  /** Appends to a list those of the values that it has not. */
  | { readonly op: 'add'; readonly path: Path; readonly values: readonly Json[] }
  /** Removes a field or an item; where it is not there, nothing happens. */
  | { readonly op: 'remove'; readonly path: Path }
  /** Gives a field another name and keeps its place; where it is not there, or the name is taken, nothing happens. */
  | { readonly op: 'rename'; readonly path: Path; readonly name: string };

/** Edits of one object of the input. */
export interface ObjectEdits {
  readonly object: KubeObject;
  readonly edits: readonly Edit[];
}

/** An object that the app is to have besides. */
export interface NewObject {
  /** Whole, with `apiVersion`, `kind` and `metadata`. Its namespace may be left out: it is that of `beside` then. */
  readonly raw: JsonObject;
  /** The object of the input that it is for: the new one is written near it, the way the user writes. */
  readonly beside: KubeObject;
  /** The same in YAML, where comments are to stand in it; ends with a line end. */
  readonly text?: string;
}

/** All that one fix changes: made whole or not at all. */
export interface Change {
  readonly edits: readonly ObjectEdits[];
  readonly create: readonly NewObject[];
  /** Objects that the app is to have no more. */
  readonly remove?: readonly KubeObject[];
}

/** True where there is nothing to do. */
export function isEmptyChange({ edits, create, remove = [] }: Change): boolean {
  return create.length === 0 && remove.length === 0 && edits.every((each) => each.edits.length === 0);
}
