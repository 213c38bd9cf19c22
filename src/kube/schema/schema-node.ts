// The one shape of schema that the validator walks: built-in types and custom resource definitions are both compiled to it.

import type { Json } from '../../model/index.ts';

export type NodeType =
  | 'any'
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'number'
  | 'quantity'
  | 'int-or-string'
  | 'int32-or-string'
  | 'date-time'
  | 'byte'
  | 'list'
  | 'map'
  | 'object'
  | 'reference';

/** Limits that only custom resource definitions set. */
export interface Constraints {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  readonly multipleOf: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly minProperties: number | undefined;
  readonly maxProperties: number | undefined;
  readonly pattern: string | undefined;
  /** Tells whether a text matches `pattern`. */
  readonly matches: ((text: string) => boolean) | undefined;
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
}

export interface SchemaNode {
  readonly type: NodeType;
  /** Name of a built-in type, for `reference`. */
  readonly reference: string | undefined;
  /** Items of a `list`, values of a `map`. */
  readonly item: SchemaNode | undefined;
  /** Fields of an `object`. */
  readonly object: ObjectSchema | undefined;
  readonly enumValues: ReadonlySet<Json> | undefined;
  /** Fields that tell the items of a list apart (`x-kubernetes-list-map-keys`). */
  readonly listKeys: readonly string[] | undefined;
  /** True for a list whose items may not repeat (`x-kubernetes-list-type: set`). */
  readonly isSet: boolean;
  /** True for an object that server-side apply takes as one value (`x-kubernetes-map-type: atomic`). */
  readonly isAtomic: boolean;
  /** Field that tells a list's items apart in a strategic merge patch (`x-kubernetes-patch-merge-key`). */
  readonly mergeKey: string | undefined;
  readonly default: Json | undefined;
  /** True where null is a value of its own, so that a required field may have it. */
  readonly nullable: boolean;
  readonly constraints: Constraints | undefined;
}

/** The minors that have a field: `since` is the first, `until` the first without it. */
export interface Span {
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export interface ObjectSchema {
  readonly fields: ReadonlyMap<string, SchemaNode>;
  readonly required: readonly string[];
  /** Fields that other minors have and this one has not. */
  readonly otherMinors: ReadonlyMap<string, Span>;
  /** True where a field that is not listed is kept rather than dropped. */
  readonly acceptsUnknown: boolean;
}

const plainNode: SchemaNode = {
  type: 'any',
  reference: undefined,
  item: undefined,
  object: undefined,
  enumValues: undefined,
  listKeys: undefined,
  isSet: false,
  isAtomic: false,
  mergeKey: undefined,
  default: undefined,
  nullable: false,
  constraints: undefined,
};

/** Every node has the same properties in the same order, which keeps the walk fast. */
export function schemaNode(type: NodeType, parts: Partial<SchemaNode> = {}): SchemaNode {
  return { ...plainNode, type, ...parts };
}

export const anyNode = schemaNode('any');

/** Where the validator finds built-in types by name. */
export interface TypeSource {
  typeNamed(name: string): ObjectSchema;
}

/** The fields of a node, through references; `undefined` for anything that is no object. */
export function objectOf(node: SchemaNode, types: TypeSource): ObjectSchema | undefined {
  return node.reference === undefined ? node.object : types.typeNamed(node.reference);
}
