// Whether a unit renders to exactly what was wished: each object as planned, and no other touched.

import { asArray, isJsonObject, isSameJson, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';

/** Keys by which Kubernetes' own lists are merged: their order means nothing. Source: x-kubernetes-patch-merge-key. */
const mergeKeys = ['name', 'mountPath', 'containerPort', 'topologyKey', 'devicePath', 'ip'];

function keyOf(list: readonly Json[]): string | undefined {
  return mergeKeys.find((key) => {
    const values = list.map((item) => (isJsonObject(item) ? item[key] : undefined));
    return (
      values.every((value) => value !== undefined) &&
      new Set(values.map((value) => JSON.stringify(value))).size === list.length
    );
  });
}

/** Lists that merge by a key in the order of their keys; a patch may put a new item first. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) {
    const list = asArray(value);
    const key = keyOf(list);
    const ordered =
      key === undefined
        ? list
        : list.toSorted((a, b) => {
            const [left, right] = [a, b].map((item) => JSON.stringify(isJsonObject(item) ? item[key] : null));
            return (left ?? '') < (right ?? '') ? -1 : 1;
          });
    return ordered.map(inOrder);
  }
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(fields.map(([field, each]) => [field, inOrder(saysSomething(field, each ?? null))]));
}

/** Kustomize drops labels and annotations that are empty, as it drops nulls: the API server knows no difference. */
function saysSomething(field: string, value: Json): Json {
  if (field !== 'metadata' || !isJsonObject(value)) return value;
  const isEmpty = ([key, each]: [string, Json | undefined]): boolean =>
    ['labels', 'annotations'].includes(key) && isJsonObject(each) && Object.keys(each).length === 0;
  return Object.fromEntries(Object.entries(value).filter((entry) => !isEmpty(entry)));
}

/** Equal, whatever the order of what has none. */
export function isSameObject(a: Json, b: Json): boolean {
  return isSameJson(inOrder(a), inOrder(b));
}

/** True where all that is wanted is there; a kustomization may add labels and a namespace of its own. */
export function includes(there: Json | undefined, wanted: Json): boolean {
  if (isJsonObject(wanted))
    return isJsonObject(there) && Object.entries(wanted).every(([key, each]) => includes(there[key], each ?? null));
  if (Array.isArray(wanted)) {
    const list = asArray(there);
    return list.length === wanted.length && asArray(wanted).every((each, index) => includes(list[index], each));
  }
  return isSameJson(there, wanted);
}

export function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('/');
}

/** Raw objects by who they are. */
export function byIdentity(objects: readonly KubeObject[]): Map<string, JsonObject> {
  return new Map(objects.map((object) => [identityOf(object), object.raw]));
}

/** Identities of objects that are not as they were meant to be. */
export function findDifferences(
  meant: ReadonlyMap<string, JsonObject>,
  rendered: ReadonlyMap<string, JsonObject>,
): string[] {
  const wrong = [...meant].flatMap(([id, raw]) => {
    const found = rendered.get(id);
    return found !== undefined && isSameObject(found, raw) ? [] : [id];
  });
  const more = [...rendered.keys()].filter((id) => !meant.has(id));
  return [...wrong, ...more];
}
