// JSON merge patch. Source: RFC 7386.

import { isJsonObject, type Json, type JsonObject, valueAt } from '../../model/index.ts';

function mergeInto(target: Json | undefined, patch: Json): Json {
  return isJsonObject(patch) ? applyMergePatch(isJsonObject(target) ? target : {}, patch) : patch;
}

/** Null removes a field, an object is merged, anything else takes the place of what is there. */
export function applyMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || value === null) merged.delete(key);
    else merged.set(key, mergeInto(valueAt(target, [key]), value));
  }
  return Object.fromEntries(merged);
}
