// What an edit means for an object's value, whatever text the object stands in.

import {
  asArray,
  type Edit,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type Path,
} from '../../model/index.ts';

function withStep(parent: Json | undefined, step: string | number, value: Json | undefined): Json {
  if (typeof step === 'number') {
    const items = [...asArray(parent)];
    if (value === undefined) items.splice(step, 1);
    else items[step] = value;
    return items;
  }
  const fields: JsonObject = isJsonObject(parent) ? parent : {};
  if (value !== undefined) return { ...fields, [step]: value };
  const { [step]: _, ...rest } = fields;
  return rest;
}

function stepInto(parent: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === 'number') return asArray(parent)[step];
  return isJsonObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
}

/** The value with what stands at the path replaced; parents are made only where there is something to put in. */
function changeAt(root: Json | undefined, path: Path, change: (old: Json | undefined) => Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return change(root) ?? null;
  const old = stepInto(root, step);
  const next = rest.length === 0 ? change(old) : changeAt(old, rest, change);
  return next === old ? (root ?? null) : withStep(root, step, next);
}

/** Those of the values that the list has not. */
export function missingFrom(list: Json | undefined, values: readonly Json[]): Json[] {
  const there = asArray(list);
  return values.filter((value) => !there.some((each) => isSameJson(each, value)));
}

function exists(root: Json, path: Path): boolean {
  let current: Json | undefined = root;
  for (const step of path) {
    current = stepInto(current, step);
    if (current === undefined) return false;
  }
  return true;
}

function renamed(parent: Json | undefined, from: string | number | undefined, name: string): Json | undefined {
  if (!isJsonObject(parent) || !Object.hasOwn(parent, String(from)) || Object.hasOwn(parent, name)) return parent;
  return Object.fromEntries(Object.entries(parent).map(([key, value]) => [key === from ? name : key, value ?? null]));
}

/** The object after the edit. Nothing but the named field differs. */
export function editValue(root: Json, edit: Edit): Json {
  const { path } = edit;
  switch (edit.op) {
    case 'set':
      return changeAt(root, path, (old) => (isSameJson(old, edit.value) ? old : edit.value));
    case 'add':
      return changeAt(root, path, (old) => {
        const missing = missingFrom(old, edit.values);
        return missing.length === 0 ? old : [...asArray(old), ...missing];
      });
    case 'remove':
      return exists(root, path) ? changeAt(root, path, () => undefined) : root;
    case 'rename':
      if (!exists(root, path)) return root;
      return changeAt(root, path.slice(0, -1), (parent) => renamed(parent, path.at(-1), edit.name));
  }
}
