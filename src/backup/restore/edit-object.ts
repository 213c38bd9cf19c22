// Small changes of raw objects as new values: what every restore action is made of.

import { asArray, asObject, isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';

/** The object with a field replaced by what `change` makes of it; `undefined` removes it. Parents that are missing are not made. */
export function changeAt(
  object: JsonObject,
  path: Path,
  change: (value: Json | undefined) => Json | undefined,
): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return object;
  const current = object[String(step)];
  const next = rest.length === 0 ? change(current) : isJsonObject(current) ? changeAt(current, rest, change) : current;
  if (next === current) return object;
  if (next !== undefined) return { ...object, [String(step)]: next };
  const { [String(step)]: _gone, ...others } = object;
  return others;
}

export function removeAt(object: JsonObject, ...paths: readonly Path[]): JsonObject {
  return paths.reduce((each, path) => changeAt(each, path, () => undefined), object);
}

/** Without these keys; an object that loses all of them goes. */
export function withoutKeys(value: Json | undefined, isGone: (key: string) => boolean): JsonObject | undefined {
  const kept = Object.entries(asObject(value)).filter(([key]) => !isGone(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A list with each item that is an object changed, and without those that `change` drops. */
export function changeEach(
  value: Json | undefined,
  change: (item: JsonObject) => JsonObject | undefined,
): readonly Json[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return asArray(value).flatMap((item): Json[] => {
    const changed = isJsonObject(item) ? change(item) : item;
    return changed === undefined ? [] : [changed];
  });
}
