// Strategic merge patch: lists merge by the keys that Kubernetes' types name, and a patch may hold directives.
// Source: k8s.io/apimachinery pkg/util/strategicpatch.

import type { SchemaNode, TypeSource } from '../schema/index.ts';
import { asArray, asObject, isJsonObject, isSameJson, type Json, type JsonObject } from '../../model/index.ts';
import { anyNode, childNode } from '../live/elements.ts';
import { PatchError } from './patch-error.ts';

const deleteFromList = '$deleteFromPrimitiveList/';
const setOrder = '$setElementOrder/';

interface Place {
  readonly types: TypeSource;
  readonly node: SchemaNode;
}

/** A value of a patch where there is nothing to merge with: without its directives and nulls. */
function plain(value: Json): Json {
  if (Array.isArray(value))
    return asArray(value)
      .filter((each) => !isJsonObject(each) || each['$patch'] === undefined)
      .map(plain);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, each]) => !key.startsWith('$') && each !== null && each !== undefined,
  );
  return Object.fromEntries(kept.map(([key, each]) => [key, plain(each ?? null)]));
}

type SameItem = (a: Json, b: Json) => boolean;

function indexIn(list: readonly Json[], item: Json, isSame: SameItem): number {
  return list.findIndex((each) => isSame(each, item));
}

/** Items that the patch names, in its order, among those that it does not, which keep theirs. */
function orderItems(
  merged: readonly Json[],
  order: readonly Json[],
  current: readonly Json[],
  isSame: SameItem,
): Json[] {
  const rankOf = (item: Json): number => indexIn(order, item, isSame);
  const named = merged.filter((item) => rankOf(item) !== -1).toSorted((a, b) => rankOf(a) - rankOf(b));
  const others = merged.filter((item) => rankOf(item) === -1);
  const result: Json[] = [];
  for (const item of named) {
    const place = indexIn(current, item, isSame);
    while (place !== -1 && others[0] !== undefined && indexIn(current, others[0], isSame) < place)
      result.push(others.shift() ?? null);
    result.push(item);
  }
  return [...result, ...others];
}

interface ListPatch {
  readonly current: readonly Json[];
  readonly items: readonly Json[];
  readonly deleted: readonly Json[];
  readonly order: readonly Json[] | undefined;
}

function mergePrimitives({ current, items, deleted, order }: ListPatch): Json {
  const rest = current.filter((each) => indexIn(deleted, each, isSameJson) === -1);
  const added = items.filter((each) => indexIn(rest, each, isSameJson) === -1);
  return orderItems([...rest, ...added], order ?? items, current, isSameJson);
}

function mergeByKey(place: Place, key: string, { current, items, order }: ListPatch): Json {
  const hasSameKey: SameItem = (a, b) => isSameJson(asObject(a)[key], asObject(b)[key]);
  const item = { types: place.types, node: place.node.item ?? anyNode };
  let merged = [...current];
  for (const each of items.map(asObject)) {
    if (each[key] === undefined)
      throw new PatchError(
        'malformed',
        `map: ${JSON.stringify(plain(each))} does not contain declared merge key: ${key}`,
      );
    const index = indexIn(merged, each, hasSameKey);
    if (each['$patch'] === 'delete') merged = merged.filter((other) => !hasSameKey(other, each));
    else if (index === -1) merged.push(plain(each));
    else merged[index] = mergeObject(item, asObject(merged[index]), each) ?? null;
  }
  const named = order ?? items.filter((each) => asObject(each)['$patch'] === undefined);
  return orderItems(merged, named, current, hasSameKey);
}

function mergeList(place: Place, patch: ListPatch): Json {
  const { mergeKey, isSet } = place.node;
  const replaces = patch.items.some((each) => asObject(each)['$patch'] === 'replace');
  if (replaces) return plain(patch.items.filter((each) => asObject(each)['$patch'] === undefined));
  if (mergeKey !== undefined) return mergeByKey(place, mergeKey, patch);
  return isSet ? mergePrimitives(patch) : plain(patch.items);
}

function listPatchOf(current: JsonObject, patch: JsonObject, key: string): ListPatch {
  const order = patch[`${setOrder}${key}`];
  return {
    current: asArray(current[key]),
    items: asArray(patch[key]),
    deleted: asArray(patch[`${deleteFromList}${key}`]),
    order: order === undefined ? undefined : asArray(order),
  };
}

function mergeField(place: Place, current: JsonObject, patch: JsonObject, key: string): Json | undefined {
  const value = patch[key];
  if (value === null) return undefined;
  const child = { types: place.types, node: childNode(place.types, place.node, key) };
  // A directive alone says nothing of a list that is one value.
  const isMerged = child.node.mergeKey !== undefined || child.node.isSet;
  if (Array.isArray(value) || (value === undefined && isMerged))
    return mergeList(child, listPatchOf(current, patch, key));
  if (isJsonObject(value)) return mergeObject(child, asObject(current[key]), value);
  return value ?? current[key];
}

/** Fields that a patch speaks of, by themselves or by a directive about a list. */
function fieldsOfPatch(patch: JsonObject): Set<string> {
  const names = Object.keys(patch).map((key) =>
    key.startsWith(deleteFromList) || key.startsWith(setOrder) ? key.slice(key.indexOf('/') + 1) : key,
  );
  return new Set(names.filter((name) => !name.startsWith('$')));
}

function mergeObject(place: Place, current: JsonObject, patch: JsonObject): JsonObject | undefined {
  if (patch['$patch'] === 'delete') return undefined;
  if (patch['$patch'] === 'replace') return asObject(plain(patch));
  const retained = patch['$retainKeys'];
  const base =
    retained === undefined
      ? current
      : Object.fromEntries(Object.entries(current).filter(([key]) => asArray(retained).includes(key)));
  const merged = new Map(Object.entries(base));
  for (const key of fieldsOfPatch(patch)) {
    const value = mergeField(place, base, patch, key);
    if (value === undefined) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** The patched copy of an object of the type that `node` describes. Throws `PatchError`. */
export function applyStrategicMerge(
  types: TypeSource,
  node: SchemaNode,
  current: JsonObject,
  patch: JsonObject,
): JsonObject {
  return mergeObject({ types, node }, current, patch) ?? {};
}
