// One change of an object: what a fix is made of.

import type { Json, Path } from './json.ts';

/** A change of one field. Paths go from the root of the object; parents that are missing are made. */
export type Edit =
  | { readonly op: 'set'; readonly path: Path; readonly value: Json }
  /** Appends to a list those of the values that it has not. */
  | { readonly op: 'add'; readonly path: Path; readonly values: readonly Json[] }
  /** Removes a field or an item; where it is not there, nothing happens. */
  | { readonly op: 'remove'; readonly path: Path };
