// Ways into JSON values, which are kept whole and never remodelled.

import { digitsOf, isExactNumber, isSameNumber, renderJson } from './exact-number.ts';
import type { Json, JsonObject } from './json-value.ts';

/** A place inside an object: keys and list indexes from its root, as in `['spec', 'containers', 0, 'image']`. */
export type Path = readonly (string | number)[];

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one where the value is anything else: for walking through optional fields. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function asArray(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' && !isExactNumber(value) ? value : undefined;
}

/** The double next to it, where that is not the number itself: `isSameJson` tells such numbers apart. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isExactNumber(value) ? Number(digitsOf(value)) : undefined;
}

/** The value at a path, or `undefined` where any step is missing. Own keys only. */
export function valueAt(root: Json | undefined, path: Path): Json | undefined {
  let current: Json | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? (current as readonly Json[])[step] : undefined;
    else current = isJsonObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

/** Equal values; the order of an object's keys does not matter, nor how a number is spelled. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each: Json, index) => isSameJson(each, (b as readonly Json[])[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return isSameNumber(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]))
  );
}

/** RFC 6901 text of a path: `/spec/containers/0/image`. */
export function toJsonPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A value as a person would write it: text without quotes, anything else as JSON. */
export function toText(value: Json | undefined): string {
  return asString(value) ?? renderJson(value ?? null);
}
