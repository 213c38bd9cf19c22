// Lays an applied configuration over a live object, and takes out what its manager no longer applies.

import type { SchemaNode, TypeSource } from '../../kube/schema/index.ts';
import type { Json } from '../../model/index.ts';
import { assembleElements, type Element, elementsOf } from '../../kube/live/elements.ts';
import type { FieldSet } from '../../kube/live/field-set.ts';

/** The order of `next`; what only `current` has stays where it stood among those that both have, before what is new. */
function interleave(current: readonly Element[], next: readonly Element[]): Element[] {
  const coming = new Set(next.map(({ name }) => name));
  const emitted = new Set<string>();
  const merged: Element[] = [];
  let place = 0;
  const passOver = (): void => {
    for (let each = current[place]; each !== undefined; each = current[place]) {
      if (coming.has(each.name) && !emitted.has(each.name)) return;
      if (!coming.has(each.name)) merged.push(each);
      place += 1;
    }
  };
  for (const each of next) {
    passOver();
    merged.push(each);
    emitted.add(each.name);
  }
  passOver();
  return merged;
}

export function mergeValue(types: TypeSource, node: SchemaNode, live: Json | undefined, applied: Json): Json {
  const [current, next] = [elementsOf(types, node, live), elementsOf(types, node, applied)];
  if (live === undefined || current === undefined || next === undefined) return applied;
  const known = new Map(current.map((each) => [each.name, each.value]));
  const merged = next.map((each) => ({
    ...each,
    value: mergeValue(types, each.node, known.get(each.name), each.value),
  }));
  return assembleElements(applied, interleave(current, merged));
}

/** Removes what was in `last` and is in `keep` no more, with all that is below it. */
export function dropAbandoned(
  types: TypeSource,
  part: { readonly node: SchemaNode; readonly value: Json },
  last: FieldSet,
  keep: FieldSet,
): Json {
  const elements = elementsOf(types, part.node, part.value);
  if (elements === undefined) return part.value;
  const kept = elements.flatMap((each): Element[] => {
    const wasApplied = last.children.get(each.name);
    if (wasApplied === undefined) return [each];
    const stays = keep.children.get(each.name);
    return stays === undefined ? [] : [{ ...each, value: dropAbandoned(types, each, wasApplied, stays) }];
  });
  return assembleElements(part.value, kept);
}
