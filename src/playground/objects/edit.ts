// Copies of JSON values with one place changed: stored objects are never changed in place, since history shares them.

import { asArray, asObject, asString, type Json, type JsonObject, type Path } from '../../model/index.ts';

/** An object without the keys whose value is `undefined`. */
export function compact(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function changedList(list: readonly Json[], index: number, rest: Path, value: Json | undefined): Json[] {
  const copy = [...list];
  const next = changed(copy[index], rest, value);
  if (next === undefined) copy.splice(index, 1);
  else copy[index] = next;
  return copy;
}

function changed(current: Json | undefined, path: Path, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') return changedList(asArray(current), step, rest, value);
  const object = asObject(current);
  const next = changed(object[step], rest, value);
  if (next !== undefined) return { ...object, [step]: next };
  const { [step]: _removed, ...others } = object;
  return others;
}

/** The object with a value set at a path; objects on the way are made. `undefined` removes what is there. */
export function withValue(root: JsonObject, path: Path, value: Json | undefined): JsonObject {
  return asObject(changed(root, path, value));
}

export function metadataOf(object: JsonObject): JsonObject {
  return asObject(object['metadata']);
}

/** The object with fields of its metadata changed; `undefined` removes one. */
export function withMetadata(object: JsonObject, changes: JsonObject): JsonObject {
  return { ...object, metadata: compact({ ...metadataOf(object), ...changes }) };
}

export function nameOf(object: JsonObject): string {
  return asString(metadataOf(object)['name']) ?? '';
}

/** '' for objects outside namespaces. */
export function namespaceOf(object: JsonObject): string {
  return asString(metadataOf(object)['namespace']) ?? '';
}

export function uidOf(object: JsonObject): string {
  return asString(metadataOf(object)['uid']) ?? '';
}

export function labelsOf(object: JsonObject): JsonObject {
  return asObject(metadataOf(object)['labels']);
}

export function finalizersOf(object: JsonObject): readonly string[] {
  return asArray(metadataOf(object)['finalizers']).filter((each) => typeof each === 'string');
}

export function isDeleting(object: JsonObject): boolean {
  return metadataOf(object)['deletionTimestamp'] !== undefined;
}

export function ownersOf(object: JsonObject): readonly JsonObject[] {
  return asArray(metadataOf(object)['ownerReferences']).map(asObject);
}

/** The owner that manages the object, as a ReplicaSet does its pods. */
export function controllerOf(object: JsonObject): JsonObject | undefined {
  return ownersOf(object).find((owner) => owner['controller'] === true);
}

export function specOf(object: JsonObject): JsonObject {
  return asObject(object['spec']);
}

export function statusOf(object: JsonObject): JsonObject {
  return asObject(object['status']);
}
