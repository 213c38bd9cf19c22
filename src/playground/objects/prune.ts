// Drops what a schema does not know, as the API server does when it reads an object, and tells what was dropped.

import { objectOf, type SchemaNode, type TypeSource } from '../../kube/schema/index.ts';
import { isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';

export interface PruneRules {
  readonly types: TypeSource;
  /** Go's own types write no empty list and no empty map; custom resources keep them. */
  readonly dropsEmpty: boolean;
}

interface Pruning extends PruneRules {
  readonly unknown: Path[];
}

/** Null means "left out", but where the schema has null as a value of its own, or a default to put in its place. */
function isDropped(value: Json | undefined, node: SchemaNode): boolean {
  if (value === undefined) return true;
  return value === null && !node.nullable && node.default === undefined;
}

function isEmptyContainer(value: Json | undefined, node: SchemaNode): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return node.type === 'map' && isJsonObject(value) && Object.keys(value).length === 0;
}

function pruneFields(pruning: Pruning, node: SchemaNode, value: JsonObject, path: Path): Json {
  const schema = objectOf(node, pruning.types);
  if (schema === undefined) return value;
  const kept: Record<string, Json | undefined> = {};
  for (const [key, each] of Object.entries(value)) {
    const field = schema.fields.get(key);
    if (field === undefined) {
      if (schema.acceptsUnknown) kept[key] = each;
      else pruning.unknown.push([...path, key]);
      continue;
    }
    if (isDropped(each, field)) continue;
    const next = pruneValue(pruning, field, each ?? null, [...path, key]);
    const isNothing = pruning.dropsEmpty && isEmptyContainer(next, field) && !schema.required.includes(key);
    if (!isNothing) kept[key] = next;
  }
  return kept;
}

function pruneValue(pruning: Pruning, node: SchemaNode, value: Json, path: Path): Json {
  const { item } = node;
  if (Array.isArray(value)) {
    if (item === undefined) return value;
    return value.map((each: Json, index) => pruneValue(pruning, item, each, [...path, index]));
  }
  if (!isJsonObject(value)) return value;
  if (node.type === 'object' || node.type === 'reference') return pruneFields(pruning, node, value, path);
  if (node.type !== 'map' || item === undefined) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, pruneValue(pruning, item, each ?? null, [...path, key])]),
  );
}

/** The value without unknown fields, and where those were. */
export function prune(
  node: SchemaNode,
  value: JsonObject,
  rules: PruneRules,
): { readonly value: JsonObject; readonly unknown: readonly Path[] } {
  const pruning: Pruning = { ...rules, unknown: [] };
  const pruned = pruneValue(pruning, node, value, []);
  return { value: isJsonObject(pruned) ? pruned : value, unknown: pruning.unknown };
}
