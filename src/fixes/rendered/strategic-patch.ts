// The smallest strategic merge patch that makes one object of another, and such a patch put into one that is there.

import { childNode } from '../../kube/live/elements.ts';
import type { SchemaNode, TypeSource } from '../../kube/schema/index.ts';
import { editValue } from '../text/edit-value.ts';
import { asArray, type Edit, isJsonObject, isSameJson, type Json, type Path } from '../../model/index.ts';

/** What Kubernetes knows of a value: lists merge by the keys that its types name. */
export interface Known {
  readonly types: TypeSource;
  readonly node: SchemaNode;
}

function below({ types, node }: Known, key: string): Known {
  return { types, node: childNode(types, node, key) };
}

function itemOf({ types, node }: Known): Known {
  return { types, node: node.item ?? node };
}

/** The field that tells the items apart, where all of them have it. */
function mergeKeyOf({ node }: Known, ...lists: readonly (readonly Json[])[]): string | undefined {
  const key = node.type === 'list' ? node.mergeKey : undefined;
  if (key === undefined) return undefined;
  return lists.flat().every((item) => isJsonObject(item) && item[key] !== undefined) ? key : undefined;
}

function findItem(list: readonly Json[], key: string, item: Json): Json | undefined {
  return list.find((each) => isJsonObject(each) && isJsonObject(item) && isSameJson(each[key], item[key]));
}

function patchList(before: readonly Json[], after: readonly Json[], known: Known): Json {
  const key = mergeKeyOf(known, before, after);
  if (key === undefined) return after;
  const changed = after.flatMap((item): Json[] => {
    const old = findItem(before, key, item);
    if (old === undefined) return [item];
    const patch = patchOf(old, item, itemOf(known));
    return isJsonObject(patch) && isJsonObject(item) ? [{ [key]: item[key] ?? null, ...patch }] : [];
  });
  const gone = before.filter((item) => findItem(after, key, item) === undefined);
  const removed = gone.map(
    (item): Json => ({ $patch: 'delete', [key]: (isJsonObject(item) ? item[key] : null) ?? null }),
  );
  return [...changed, ...removed];
}

/** Nothing where the values are the same. A field that goes is null. */
export function patchOf(before: Json | undefined, after: Json, known: Known): Json | undefined {
  if (isSameJson(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return patchList(asArray(before), asArray(after), known);
  if (!isJsonObject(before) || !isJsonObject(after)) return after;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const parts = keys.flatMap((key): [string, Json][] => {
    const value = after[key];
    const part = value === undefined ? null : patchOf(before[key], value, below(known, key));
    return part === undefined ? [] : [[key, part]];
  });
  return Object.fromEntries(parts);
}

/** Where a patch is put: into another patch, which keeps nulls, or into an object, which loses the field. */
export type Into = 'patch' | 'object';

interface Merging {
  readonly into: Into;
  readonly known: Known;
}

function isDeletion(item: Json): boolean {
  return isJsonObject(item) && item['$patch'] === 'delete';
}

function mergeItem(list: readonly Json[], path: Path, item: Json, { into, known }: Merging): Edit[] {
  const key = known.node.mergeKey ?? '';
  const found = findItem(list, key, item);
  if (into === 'object' && isDeletion(item))
    return found === undefined ? [] : [{ op: 'remove', path: [...path, list.indexOf(found)] }];
  if (found === undefined) return [{ op: 'add', path, values: [item] }];
  return editsToMerge(found, item, [...path, list.indexOf(found)], { into, known: itemOf(known) });
}

function setOrRemove(patch: Json, path: Path, into: Into): Edit[] {
  return [patch === null && into === 'object' ? { op: 'remove', path } : { op: 'set', path, value: patch }];
}

/** Edits that put a patch into what is there. */
export function editsToMerge(there: Json | undefined, patch: Json, path: Path, merging: Merging): Edit[] {
  if (isSameJson(there, patch)) return [];
  const { known, into } = merging;
  if (isJsonObject(there) && isJsonObject(patch))
    return Object.entries(patch).flatMap(([key, value]) =>
      editsToMerge(there[key], value ?? null, [...path, key], { into, known: below(known, key) }),
    );
  const items = Array.isArray(patch) && Array.isArray(there) ? asArray(patch) : undefined;
  if (items === undefined || mergeKeyOf(known, items, asArray(there)) === undefined)
    return setOrRemove(patch, path, into);
  return items.flatMap((item) => mergeItem(asArray(there), path, item, merging));
}

/** What the patch makes of a value. */
export function mergePatch(value: Json, patch: Json, known: Known): Json {
  return editsToMerge(value, patch, [], { into: 'object', known }).reduce<Json>(editValue, value);
}
