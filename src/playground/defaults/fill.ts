// Small tools of the defaults: a field is filled in only where nothing was given.

import { asArray, asObject, type Json, type JsonObject } from '../../model/index.ts';

/** The object with these fields where it has none of its own; a default of `undefined` is no default. */
export function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([key, value]) => value !== undefined && object[key] === undefined);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

/** The object with one field changed where it is there. */
export function changeField(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  return object[key] === undefined || object[key] === null
    ? object
    : { ...object, [key]: change(asObject(object[key])) };
}

/** The object with each item of a list changed, where the list is there. */
export function changeItems(object: JsonObject, key: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = object[key];
  return Array.isArray(list) ? { ...object, [key]: asArray(list).map((each: Json) => change(asObject(each))) } : object;
}

/** An object field that is made where it is missing. */
export function inField(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  return { ...object, [key]: change(asObject(object[key])) };
}
