// Fills in what a custom resource leaves out and its definition has defaults for, as the API server does before it validates.

import { isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import type { SchemaNode } from './schema-node.ts';

/** Null is a value of its own only where the definition says so; elsewhere it makes room for the default. */
function isAbsent(value: Json | undefined, field: SchemaNode): boolean {
  return value === undefined || (value === null && !field.nullable);
}

function fillFields(fields: ReadonlyMap<string, SchemaNode>, value: JsonObject): JsonObject {
  let filled: Record<string, Json | undefined> | undefined;
  for (const [name, field] of fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const start = isAbsent(given, field) && field.default !== undefined ? field.default : given;
    if (start === undefined || start === null) continue;
    const next = withDefaults(field, start);
    if (next === given) continue;
    filled ??= { ...value };
    filled[name] = next;
  }
  return filled ?? value;
}

function fillValues(item: SchemaNode, value: JsonObject): JsonObject {
  let filled: Record<string, Json | undefined> | undefined;
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined) continue;
    const next = withDefaults(item, each);
    if (next === each) continue;
    filled ??= { ...value };
    filled[key] = next;
  }
  return filled ?? value;
}

/** The value with its defaults; the same one where nothing was left out. Fields keep their order and places. */
export function withDefaults(node: SchemaNode, value: Json): Json {
  const { item, object } = node;
  if (Array.isArray(value)) {
    if (item === undefined) return value;
    const items = value as readonly Json[];
    const filled = items.map((each) => withDefaults(item, each));
    return filled.some((each, index) => each !== items[index]) ? filled : value;
  }
  if (!isJsonObject(value)) return value;
  if (object !== undefined) return fillFields(object.fields, value);
  return item === undefined ? value : fillValues(item, value);
}
