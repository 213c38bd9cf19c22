// What differs between two states of an object, as sets of fields. Source: structured-merge-diff's comparison.

import type { SchemaNode, TypeSource } from '../../kube/schema/index.ts';
import { isJsonObject, isSameJson, type Json } from '../../model/index.ts';
import { type Element, elementsOf } from '../../kube/live/elements.ts';
import { emptySet, type FieldSet, memberSet, setWith } from '../../kube/live/field-set.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const nothing: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

/** Go structs that are there even when nothing is in them: nobody adds them. Others are pointers. */
const plainStructs: ReadonlySet<string> = new Set(
  ['metadata', 'spec', 'status', 'template', 'strategy', 'updateStrategy', 'jobTemplate', 'roleRef', 'podSelector'].map(
    (name) => `f:${name}`,
  ),
);

function isEmptyContainer(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function compareLeaves(before: Json | undefined, after: Json | undefined): Comparison {
  if (before === undefined) return after === undefined ? nothing : { ...nothing, added: memberSet };
  if (after === undefined) return { ...nothing, removed: memberSet };
  return isSameJson(before, after) ? nothing : { ...nothing, modified: memberSet };
}

function partsOf(types: TypeSource, node: SchemaNode, value: Json | undefined): Element[] | undefined {
  return value === undefined || isEmptyContainer(value) ? [] : elementsOf(types, node, value);
}

interface Sides {
  readonly node: SchemaNode;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function pairUp(before: readonly Element[], after: readonly Element[]): Map<string, Sides> {
  const pairs = new Map<string, Sides>();
  for (const { name, node, value } of before) pairs.set(name, { node, before: value, after: undefined });
  for (const { name, node, value } of after) pairs.set(name, { node, before: pairs.get(name)?.before, after: value });
  return pairs;
}

function compareSides(types: TypeSource, { node, before, after }: Sides, name: string): Comparison {
  const [left, right] = [partsOf(types, node, before), partsOf(types, node, after)];
  const isLeaf = left === undefined || right === undefined || (left.length === 0 && right.length === 0);
  if (isLeaf) return compareLeaves(before, after);
  const children = [...pairUp(left, right)].map(([each, sides]) => [each, compareSides(types, sides, each)] as const);
  const isNew = before === undefined && !plainStructs.has(name) && name !== '';
  const isGone = after === undefined && name !== '';
  return {
    added: setWith(
      isNew,
      children.map(([each, { added }]) => [each, added]),
    ),
    modified: setWith(
      false,
      children.map(([each, { modified }]) => [each, modified]),
    ),
    removed: setWith(
      isGone,
      children.map(([each, { removed }]) => [each, removed]),
    ),
  };
}

export function compareObjects(types: TypeSource, sides: Sides): Comparison {
  return compareSides(types, sides, '');
}

function setOfValue(types: TypeSource, node: SchemaNode, value: Json): FieldSet {
  const elements = isEmptyContainer(value) ? undefined : elementsOf(types, node, value);
  if (elements === undefined) return memberSet;
  return setWith(
    false,
    elements.map(({ name, node: child, value: each }) => {
      const below = setOfValue(types, child, each);
      // Fields of a struct are only on the way to what is in them; keys of a map and items of a list are owned themselves.
      const isOwned = !name.startsWith('f:') || node.type === 'map' || node.type === 'any';
      return [name, isOwned ? { ...below, isMember: true } : below];
    }),
  );
}

/** All fields that an applied configuration names. */
export function fieldsOf(types: TypeSource, node: SchemaNode, value: Json): FieldSet {
  return isEmptyContainer(value) ? emptySet : setOfValue(types, node, value);
}
