// The difference of two objects as a JSON patch (RFC 6902) that says what must stand there; and whether an object is as a patch expects it.

import {
  asArray,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type PatchOperation,
  type Path,
  toJsonPointer,
  valueAt,
} from '../../model/index.ts';

function removal(path: Path, old: Json): PatchOperation[] {
  const pointer = toJsonPointer(path);
  return [
    { op: 'test', path: pointer, value: old },
    { op: 'remove', path: pointer },
  ];
}

function replacement(path: Path, old: Json, value: Json): PatchOperation[] {
  const pointer = toJsonPointer(path);
  return [
    { op: 'test', path: pointer, value: old },
    { op: 'replace', path: pointer, value },
  ];
}

function ofObjects(before: JsonObject, after: JsonObject, path: Path): PatchOperation[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(valueAt(before, [key]), valueAt(after, [key]), [...path, key]));
}

/** What tells an item of a list apart for a person and for most lists of Kubernetes. */
function nameTest(item: Json, path: Path): PatchOperation[] {
  const name = isJsonObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? [{ op: 'test', path: toJsonPointer([...path, 'name']), value: name }] : [];
}

/** How many items at the start, or at the end, are the same. */
function common(a: readonly Json[], b: readonly Json[]): number {
  const most = Math.min(a.length, b.length);
  const first = Array.from({ length: most }, (_, index) => index).find((index) => !isSameJson(a[index], b[index]));
  return first ?? most;
}

function ofItems(before: Json, after: Json, path: Path): PatchOperation[] {
  const changes = differences(before, after, path);
  if (changes.length === 0 || !isJsonObject(before) || !isJsonObject(after)) return changes;
  return before['name'] === after['name'] ? [...nameTest(before, path), ...changes] : changes;
}

function ofLists(before: readonly Json[], after: readonly Json[], path: Path): PatchOperation[] {
  if (before.length === after.length)
    return before.flatMap((item, index) => ofItems(item, after[index] ?? null, [...path, index]));
  const start = common(before, after);
  const end = common(before.slice(start).toReversed(), after.slice(start).toReversed());
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  const both = Math.min(gone.length, come.length);
  const changed = gone
    .slice(0, both)
    .flatMap((item, index) => ofItems(item, come[index] ?? null, [...path, start + index]));
  // From the last to the first, so that the indexes of those before stay.
  const removed = gone
    .slice(both)
    .flatMap((item, index) => [{ item, at: start + both + index }])
    .toReversed()
    .flatMap(({ item, at }) => removal([...path, at], item));
  const added = come.slice(both).map(
    (value, index): PatchOperation => ({
      op: 'add',
      path: toJsonPointer([...path, start + both + index]),
      value,
    }),
  );
  return [...changed, ...removed, ...added];
}

function differences(before: Json | undefined, after: Json | undefined, path: Path): PatchOperation[] {
  if (isSameJson(before, after)) return [];
  if (before === undefined) return [{ op: 'add', path: toJsonPointer(path), value: after ?? null }];
  if (after === undefined) return removal(path, before);
  if (isJsonObject(before) && isJsonObject(after)) return ofObjects(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(asArray(before), asArray(after), path);
  return replacement(path, before, after);
}

/** Operations that make `after` of `before`; each value that goes is tested before, and so are the names of items on the way. */
export function diffToPatch(before: JsonObject, after: JsonObject): PatchOperation[] {
  return ofObjects(before, after, []);
}

function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function stepIn(value: Json | undefined, step: string): string | number {
  return Array.isArray(value) && /^\d+$/.test(step) ? Number(step) : step;
}

/** A pointer's path in an object: steps into lists are numbers. */
export function toPath(object: JsonObject, pointer: string): Path {
  return parsePointer(pointer).reduce<Path>((path, step) => [...path, stepIn(valueAt(object, path), step)], []);
}

function isMet(object: JsonObject, operation: PatchOperation): boolean {
  const path = toPath(object, operation.path);
  if (operation.op === 'test') return isSameJson(valueAt(object, path), operation.value);
  // A new field, where there shall be none; an item may come between others.
  return operation.op !== 'add' || typeof path.at(-1) === 'number' || valueAt(object, path) === undefined;
}

/**
 * Pointers of what is not as the patch expects: values that it tests, and fields that it adds and that are there already. Looks at the object as it
 * is before the patch: `diffToPatch` tests no place that an operation before has moved.
 */
export function unmetBy(object: JsonObject, patch: readonly PatchOperation[]): string[] {
  return patch.filter((operation) => !isMet(object, operation)).map(({ path }) => path);
}
