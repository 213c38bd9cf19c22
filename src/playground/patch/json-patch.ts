// JSON Patch. Source: RFC 6902; answers as the API server 1.34 gives them.

import { asArray, isJsonObject, isSameJson, type Json, type JsonObject, toText } from '../../model/index.ts';
import { badRequest, StatusError } from '../status-error.ts';

interface Operation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: Json | undefined;
}

/** A patch that does not fit the object: the server says no more than that. */
function doesNotFit(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError(message, { code: 422, reason: 'Invalid', details: {} });
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
  if (!/^(?:-|0|[1-9]\d*)$/.test(step) || index > last) throw doesNotFit();
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
    if (next === undefined) throw doesNotFit();
    current = next;
  }
  return current;
}

/** Changes the container that holds the last step of a path; containers on the way are copied. */
function changeAt(root: Json, path: readonly string[], change: (container: Json, step: string) => Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) throw doesNotFit();
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
    if (!isJsonObject(container)) throw doesNotFit();
    return { ...container, [step]: value };
  });
}

function remove(root: Json, path: readonly string[]): Json {
  return changeAt(root, path, (container, step) => {
    if (Array.isArray(container)) {
      const list = asArray(container);
      return list.toSpliced(indexOf(list, step, list.length - 1), 1);
    }
    if (!isJsonObject(container) || !Object.hasOwn(container, step)) throw doesNotFit();
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
      if (!isSameJson(valueAtPointer(root, path), value ?? null)) throw doesNotFit();
      return root;
    default:
      throw doesNotFit();
  }
}

export function applyJsonPatch(object: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch is a list of operations');
  const operations = asArray(patch).map((raw): Operation => {
    if (!isJsonObject(raw)) throw badRequest('error decoding patch: an operation is an object');
    return {
      op: toText(raw['op']),
      path: parsePointer(raw['path']),
      from: parsePointer(raw['from']),
      value: raw['value'],
    };
  });
  const patched = operations.reduce<Json>(applyOperation, object);
  if (!isJsonObject(patched)) throw doesNotFit();
  return patched;
}
