// What the validator says of an object, and the words it says it in. Values are never repeated: they may be secret.

import { digitsOf, type Json, type Path } from '../../model/index.ts';
import type { NodeType } from './schema-node.ts';

export type SchemaProblemKind =
  | 'unknown-field'
  | 'wrong-type'
  | 'missing-field'
  | 'invalid-enum'
  | 'invalid-format'
  | 'invalid-value'
  | 'duplicate-list-key'
  | 'unknown-kind'
  | 'removed-kind';

export interface SchemaProblem {
  readonly kind: SchemaProblemKind;
  /** The field; for a missing one the place where it should stand. */
  readonly path: Path;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do, as a sentence without a full stop. */
  readonly suggestion?: string;
  /** The right name, where the field or kind is a misspelling of it. */
  readonly rename?: string;
  /** True where only a cluster or a newer table can tell: a custom kind without its definition, a minor outside the table. */
  readonly unknown?: boolean;
}

const expected: Readonly<Record<NodeType, string>> = {
  any: 'anything',
  string: 'a string',
  boolean: 'true or false',
  int32: 'a whole number',
  int64: 'a whole number',
  number: 'a number',
  quantity: 'a quantity such as 500m or 1Gi',
  'int-or-string': 'a whole number or a string',
  'int32-or-string': 'a whole number or a string',
  'date-time': 'a time such as 2006-01-02T15:04:05Z',
  byte: 'a base64 string',
  list: 'a list',
  map: 'an object',
  object: 'an object',
  reference: 'an object',
};

/** `a string`, as in "must be a string". */
export function nameOfExpected(type: NodeType): string {
  return expected[type];
}

export function nameOfActual(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return value === null ? 'null' : 'an object';
  if (typeof value === 'boolean') return 'true or false';
  return digitsOf(value) === undefined ? 'a string' : 'a number';
}

/** Step of a path for people: the last name, with the item's number where it is an item of a list. */
export function nameOfStep(path: Path): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return last === undefined ? 'the object' : `"${last}"`;
  return `item ${last + 1} of ${nameOfStep(path.slice(0, -1))}`;
}
