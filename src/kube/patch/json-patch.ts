// JSON Patch. Source: RFC 6902, as the API server 1.34 applies it.

import {
  asArray,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  toJsonPointer,
  toText,
} from '../../model/index.ts';
import { PatchError } from './patch-error.ts';

interface Operation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: Json | undefined;
}

function unfit(pointer: readonly string[]): PatchError {
  return new PatchError('unfit', `the object has no place for ${toJsonPointer(pointer)}`);
}

function malformed(why: string): PatchError {
  return new PatchError('malformed', `error decoding patch: ${why}`);
}

function parsePointer(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || pointer === '') return [];
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The place of a list that a step names; `-` is the one behind the last. */
function indexOf(list: readonly Json[], step: string, last: number): number {
  const index = step === '-' ? list.length : Number(step);
  if (!/^(?:-|0|[1-9]\d*)$/.test(step) || index > last) throw unfit([step]);
  return index;
}

function valueAtPointer(root: Json, path: readonly string[]): Json {
  let current: Json = root;
  for (const step of path) {
    const next: Json | undefined = Array.isArray(current)
      ? asArray(current)[indexOf(asArray(current), step, current.length - 1)]
      : isJsonObject(current) && Object.hasOwn(current, step)
        ? current[step]
        : undefined;
    if (next === undefined) throw unfit(path);
    current = next;
  }
  return current;
}

/** Changes the container that holds the last step of a path; containers on the way are copied. */
function changeAt(root: Json, path: readonly string[], change: (container: Json, step: string) => Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) throw unfit(path);
  if (rest.length === 0) return change(root, step);
  const next = changeAt(valueAtPointer(root, [step]), rest, change);
  if (Array.isArray(root)) return asArray(root).with(Number(step), next);
  return isJsonObject(root) ? { ...root, [step]: next } : root;
}

function add(root: Json, path: readonly string[], value: Json): Json {
  if (path.length === 0) return value;
  return changeAt(root, path, (container, step) => {
    if (Array.isArray(container)) {
      const list = asArray(container);
      return list.toSpliced(indexOf(list, step, list.length), 0, value);
    }
    if (!isJsonObject(container)) throw unfit(path);
    return { ...container, [step]: value };
  });
}

function remove(root: Json, path: readonly string[]): Json {
  return changeAt(root, path, (container, step) => {
    if (Array.isArray(container)) {
      const list = asArray(container);
      return list.toSpliced(indexOf(list, step, list.length - 1), 1);
    }
    if (!isJsonObject(container) || !Object.hasOwn(container, step)) throw unfit(path);
    const { [step]: _removed, ...others } = container;
    return others;
  });
}

function replace(root: Json, path: readonly string[], value: Json): Json {
  valueAtPointer(root, path);
  return changeAt(root, path, (container, step) => {
    if (Array.isArray(container)) return asArray(container).with(Number(step), value);
    return isJsonObject(container) ? { ...container, [step]: value } : container;
  });
}

function applyOperation(root: Json, { op, path, from, value }: Operation): Json {
  switch (op) {
    case 'add':
      return add(root, path, value ?? null);
    case 'remove':
      return remove(root, path);
    case 'replace':
      return path.length === 0 ? (value ?? null) : replace(root, path, value ?? null);
    case 'move':
      return add(remove(root, from), path, valueAtPointer(root, from));
    case 'copy':
      return add(root, path, valueAtPointer(root, from));
    case 'test':
      if (isSameJson(valueAtPointer(root, path), value ?? null)) return root;
      throw new PatchError('test-failed', `${toJsonPointer(path)} has another value`);
    default:
      throw new PatchError('unfit', `"${op}" is no operation`);
  }
}

/** The patched copy. Throws `PatchError`. */
export function applyJsonPatch(object: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) throw malformed('a JSON patch is a list of operations');
  const operations = asArray(patch).map((raw): Operation => {
    if (!isJsonObject(raw)) throw malformed('an operation is an object');
    return {
      op: toText(raw['op']),
      path: parsePointer(raw['path']),
      from: parsePointer(raw['from']),
      value: raw['value'],
    };
  });
  const patched = operations.reduce<Json>(applyOperation, object);
  if (!isJsonObject(patched)) throw unfit([]);
  return patched;
}
