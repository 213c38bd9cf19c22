// What a walk along a schema offers to the rules that it asks on its way.

import type { Json, Path } from '../../model/index.ts';
import type { SchemaProblem } from './problem.ts';
import type { ObjectSchema, SchemaNode, TypeSource } from './schema-node.ts';

/** An object that the walk is inside of: `depth` is the length of its path. */
export interface Enclosing {
  readonly schema: ObjectSchema;
  readonly depth: number;
}

export interface SchemaWalker {
  readonly types: TypeSource;
  /** Where the walk is now. */
  here(): Path;
  note(problem: Omit<SchemaProblem, 'path'>, step?: string | number): void;
  /** Whether a walk of the same place finds nothing; it is not noted: for `anyOf`, `oneOf` and `not`. */
  fits(node: SchemaNode, value: Json): boolean;
  visit(node: SchemaNode, value: Json | undefined): void;
}
