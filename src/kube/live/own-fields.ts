// What we once put into a live object and files do not say any more: it goes, unless somebody else holds it too, as with server-side apply.

import { isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import type { SchemaNode, TypeSource } from '../schema/index.ts';
import { type ApplyTypes, assembleParts, ownedPart } from './apply-config.ts';
import { type Element, elementsOf } from './elements.ts';
import { emptySet, type FieldSet, unionOf, withoutBranches } from './field-set.ts';
import { type FieldManager, readManagers } from './managers.ts';

interface Owned {
  readonly live: Json;
  readonly wanted: Json | undefined;
  /** The live value without what the server fills in: that is nobody's wish. */
  readonly explicit: Json | undefined;
  readonly own: FieldSet;
  readonly others: FieldSet;
}

function find(parts: readonly Element[] | undefined, name: string): Json | undefined {
  return parts?.find((part) => part.name === name)?.value;
}

/** Whoever shares a part keeps it, with the keys that tell an item apart. What nobody is noted for is a default, but for entries of a map. */
function unwanted(types: TypeSource, node: SchemaNode, { live, own, others }: Owned): Json | undefined {
  const entries = node.type === 'map' ? elementsOf(types, node, live) : undefined;
  if (entries === undefined) return ownedPart(types, node, live, others);
  const kept = entries.filter(({ name }) => !own.children.has(name) || others.children.has(name));
  return kept.length === 0
    ? undefined
    : assembleParts(
        live,
        kept.map(({ name, value }) => [name, value]),
      );
}

function prune(types: TypeSource, node: SchemaNode, owned: Owned): Json | undefined {
  const { live, wanted, explicit, own, others } = owned;
  if (own === emptySet || explicit === undefined) return live;
  if (wanted === undefined) return unwanted(types, node, owned);
  const [now, then, plain] = [live, wanted, explicit].map((value) => elementsOf(types, node, value));
  if (now === undefined || then === undefined) return live;
  const kept = now.flatMap((part): [string, Json][] => {
    const { name } = part;
    const value = prune(types, part.node, {
      live: part.value,
      wanted: find(then, name),
      explicit: find(plain, name),
      own: own.children.get(name) ?? emptySet,
      others: others.children.get(name) ?? emptySet,
    });
    return value === undefined ? [] : [[name, value]];
  });
  return assembleParts(live, kept);
}

function fieldsOf(managers: readonly FieldManager[]): FieldSet {
  return managers.map(({ fields }) => fields).reduce(unionOf, emptySet);
}

/** Names, and what the server keeps, are no wishes about the object. */
const kept = [['f:apiVersion'], ['f:kind'], ['f:metadata', 'f:name'], ['f:metadata', 'f:namespace'], ['f:status']];

/**
 * The object without what `manager` alone holds, however it wrote it, and `wanted` does not have. `explicit` is the object without the server's defaults:
 * whoever creates an object is noted for these too.
 */
export function withoutOwn(
  { types, node }: ApplyTypes,
  { live, wanted, explicit }: { live: JsonObject; wanted: JsonObject; explicit: JsonObject },
  manager: string,
): JsonObject {
  const managers = readManagers(live);
  const own = fieldsOf(managers.filter(({ name, subresource }) => name === manager && subresource === ''));
  const others = fieldsOf(managers.filter(({ name }) => name !== manager));
  const pruned = prune(types, node, { live, wanted, explicit, own: withoutBranches(own, kept), others });
  return isJsonObject(pruned) ? pruned : live;
}
