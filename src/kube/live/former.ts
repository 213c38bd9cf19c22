// What a declaring tool once said of a live object and files do not say any more: it goes with the tool's next application, and nobody else takes it away.

import {
  asObject,
  asString,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  parseJson,
} from '../../model/index.ts';
import type { SchemaNode, TypeSource } from '../schema/index.ts';
import { type ApplyTypes, assembleParts, ownedPart } from './apply-config.ts';
import { elementsOf } from './elements.ts';
import { readManagers } from './managers.ts';

/** What one tool has declared. */
export interface Former {
  readonly manager: string;
  readonly value: JsonObject;
}

/** kubectl keeps its last application here. Source: Kubernetes, declarative management with kubectl apply. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const kubectl = 'kubectl-client-side-apply';

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** By kubectl's own note, and by server-side apply: other writers do not say what they meant and what was a default. */
export function formersOf({ types, node }: ApplyTypes, live: JsonObject): Former[] {
  const note = asString(asObject(asObject(live['metadata'])['annotations'])[lastApplied]);
  const noted = note === undefined ? undefined : parseObject(note);
  const applied = readManagers(live).filter(
    ({ operation, subresource }) => operation === 'Apply' && subresource === '',
  );
  return [
    ...(noted === undefined ? [] : [{ manager: kubectl, value: noted }]),
    ...applied.flatMap(({ name, fields }): Former[] => {
      const value = ownedPart(types, node, live, fields);
      return isJsonObject(value) ? [{ manager: name, value }] : [];
    }),
  ];
}

interface Three {
  readonly live: Json;
  readonly former: Json | undefined;
  readonly wanted: Json | undefined;
}

function prune(types: TypeSource, node: SchemaNode, { live, former, wanted }: Three): Json | undefined {
  if (former === undefined) return live;
  if (wanted === undefined) return undefined;
  const [now, was, then] = [live, former, wanted].map((value) => elementsOf(types, node, value));
  if (now === undefined || was === undefined || then === undefined) return live;
  const find = (parts: typeof now, name: string): Json | undefined => parts.find((part) => part.name === name)?.value;
  const kept = now.flatMap((part): [string, Json][] => {
    const { name } = part;
    const value = prune(types, part.node, { live: part.value, former: find(was, name), wanted: find(then, name) });
    return value === undefined ? [] : [[name, value]];
  });
  return kept.length === now.length && kept.every(([, value], index) => isSameJson(value, now[index]?.value))
    ? live
    : assembleParts(live, kept);
}

/** The object without what the tool declared and `wanted` does not have. What others added stays. */
export function withoutFormer(
  { types, node }: ApplyTypes,
  live: JsonObject,
  { value }: Former,
  wanted: JsonObject,
): JsonObject {
  // Names, and what the tool itself notes, are no wishes about the object.
  const { metadata: _, apiVersion: __, kind: ___, status: ____, ...former } = value;
  const pruned = prune(types, node, { live, former, wanted });
  return isJsonObject(pruned) ? pruned : live;
}
