// How server-side apply takes a value apart: which parts have owners of their own. Source: structured-merge-diff v6.

import { objectOf, type SchemaNode, schemaNode, type TypeSource } from '../schema/index.ts';
import { asArray, isJsonObject, type Json, type JsonObject, renderJson } from '../../model/index.ts';

/** A part of a value under its name in `fieldsV1`: `f:image`, `k:{"name":"web"}`, `v:"finalizer"`. */
export interface Element {
  readonly name: string;
  readonly node: SchemaNode;
  readonly value: Json;
}

export const anyNode = schemaNode('any');

/** The one list below a status that all of Kubernetes' own kinds share; the schema table says nothing of statuses. */
const conditionsNode = schemaNode('list', { item: anyNode, listKeys: ['type'], mergeKey: 'type' });

/** The schema of a field of an object or of a value of a map. */
export function childNode(types: TypeSource, node: SchemaNode, key: string): SchemaNode {
  if (node.type === 'map') return node.item ?? anyNode;
  if (node.type === 'any') return key === 'conditions' ? conditionsNode : anyNode;
  return objectOf(node, types)?.fields.get(key) ?? anyNode;
}

/** The name of an item of a list with keys; keys that are left out have their defaults. */
export function keyedName(types: TypeSource, node: SchemaNode, item: Json): string {
  const object = isJsonObject(item) ? item : {};
  const fields = node.item === undefined ? undefined : objectOf(node.item, types)?.fields;
  const keys = (node.listKeys ?? []).toSorted();
  const pairs = keys.map((key) => [key, object[key] ?? fields?.get(key)?.default ?? null]);
  return `k:${renderJson(Object.fromEntries(pairs))}`;
}

function listElements(types: TypeSource, node: SchemaNode, items: readonly Json[]): Element[] | undefined {
  const item = node.item ?? anyNode;
  if (node.type !== 'list') return undefined;
  if (node.listKeys !== undefined)
    return items.map((each) => ({ name: keyedName(types, node, each), node: item, value: each }));
  return node.isSet ? items.map((each) => ({ name: `v:${renderJson(each)}`, node: item, value: each })) : undefined;
}

function fieldElements(types: TypeSource, node: SchemaNode, object: JsonObject): Element[] {
  return Object.entries(object).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: `f:${key}`, node: childNode(types, node, key), value }],
  );
}

/** The parts of a value; `undefined` for one that is owned as a whole. Lists of which nothing is known are. */
export function elementsOf(types: TypeSource, node: SchemaNode, value: Json | undefined): Element[] | undefined {
  if (Array.isArray(value)) return listElements(types, node, asArray(value));
  if (!isJsonObject(value) || node.isAtomic) return undefined;
  return fieldElements(types, node, value);
}

/** Puts parts back together as they were taken apart. */
export function assembleElements(original: Json, elements: readonly Element[]): Json {
  if (Array.isArray(original)) return elements.map(({ value }) => value);
  return Object.fromEntries(elements.map(({ name, value }) => [name.slice(2), value]));
}
