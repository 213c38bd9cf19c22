// Who wrote a field of a live object: what the API server notes in `metadata.managedFields`.

import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  parseJson,
  type Path,
  valueAt,
} from '../model/index.ts';

export interface FieldWriter {
  /** As the client called itself: `kubectl-edit`, `helm`, `kube-controller-manager`. */
  readonly manager: string;
  /** `Apply` for server-side apply, else `Update`. */
  readonly operation: string;
  /** RFC 3339; '' where it is not noted. */
  readonly time: string;
  /** `scale`, `status`; '' for the object itself. */
  readonly subresource: string;
}

/** An element of a list as `fieldsV1` names it: `k:{"name":"web"}` by its keys, `v:"x"` by its value, `i:0` by its place. */
function isElement(name: string, item: Json, index: number): boolean {
  const text = name.slice(2);
  if (name.startsWith('i:')) return text === String(index);
  let named: Json;
  try {
    named = parseJson(text);
  } catch {
    return false;
  }
  if (name.startsWith('v:')) return isSameJson(named, item);
  return (
    isJsonObject(named) &&
    isJsonObject(item) &&
    Object.entries(named).every(([key, value]) => isSameJson(item[key], value))
  );
}

/** The node of the set for the next step; a set may own a whole list or map without naming what is in it. */
function step(set: JsonObject, next: string | number, parent: Json | undefined): JsonObject | undefined {
  if (typeof next === 'string') return isJsonObject(set[`f:${next}`]) ? (set[`f:${next}`] as JsonObject) : undefined;
  const item = valueAt(parent, [next]);
  if (item === undefined) return undefined;
  const name = Object.keys(set).find((each) => /^[kvi]:/.test(each) && isElement(each, item, next));
  return name === undefined ? undefined : asObject(set[name]);
}

/** Whether a set of fields holds the field at a path, or a parent of it as a whole. */
function owns(fields: JsonObject, raw: JsonObject, path: Path): boolean {
  let set = fields;
  for (const [index, next] of path.entries()) {
    const inner = step(set, next, valueAt(raw, path.slice(0, index)));
    if (inner === undefined) return index > 0 && Object.keys(set).length === 0;
    set = inner;
  }
  return true;
}

/** Everybody who holds the field at a path of the live object, the last writer first. Empty where the object came without `managedFields`. */
export function writersOf(raw: JsonObject, path: Path): readonly FieldWriter[] {
  return asArray(asObject(raw['metadata'])['managedFields'])
    .map(asObject)
    .filter((entry) => owns(asObject(entry['fieldsV1']), raw, path))
    .map((entry) => ({
      manager: asString(entry['manager']) ?? '',
      operation: asString(entry['operation']) ?? '',
      time: asString(entry['time']) ?? '',
      subresource: asString(entry['subresource']) ?? '',
    }))
    .toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}
