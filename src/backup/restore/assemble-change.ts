// What an update of a live object or its status sends, so that all comes back that was saved: null as well. Pure.

import { diffToPatch } from '../../kube/live/json-patch.ts';
import {
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type PatchOperation,
  valueAt,
} from '../../model/index.ts';
import { exactPatch, exactSides } from './compare-live.ts';

/**
 * A merge patch where that can say it. It cannot say that a field is null, which it takes for one that is to go (RFC 7386), and the API server drops what is
 * null in all that such a patch adds (Kubernetes 1.34): custom resources that have some get a JSON patch.
 */
export type Change =
  | { readonly type: 'merge'; readonly body: JsonObject }
  | { readonly type: 'json'; readonly body: readonly PatchOperation[] };

function holdsNull(value: Json | undefined): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsNull);
  return value === null || (isJsonObject(value) && Object.values(value).some(holdsNull));
}

function bringsNull(from: Json | undefined, to: Json | undefined): boolean {
  if (isSameJson(from, to)) return false;
  if (!isJsonObject(from) || !isJsonObject(to)) return holdsNull(to);
  return Object.entries(to).some(([key, value]) => bringsNull(valueAt(from, [key]), value));
}

/** The live value with what differs between two others, which may lack what is not compared. */
function withDifference(live: Json | undefined, from: Json | undefined, to: Json): Json {
  if (isSameJson(from, to) && live !== undefined) return live;
  if (!isJsonObject(live) || !isJsonObject(to)) return to;
  const before = isJsonObject(from) ? from : {};
  const kept = Object.entries(live).filter(([key]) => !Object.hasOwn(before, key) || Object.hasOwn(to, key));
  const wanted = Object.entries(to).map(([key, value]): [string, Json] => [
    key,
    withDifference(valueAt(live, [key]), valueAt(before, [key]), value ?? null),
  ]);
  return Object.fromEntries([...kept, ...wanted]);
}

/** Nothing where nothing differs. `prepared` is the live object as this restore would have prepared it. */
export function assembleChange(live: JsonObject, prepared: JsonObject, wanted: JsonObject): Change | undefined {
  const patch = exactPatch(prepared, wanted);
  if (patch === undefined) return undefined;
  const [from, to] = exactSides(prepared, wanted);
  if (!bringsNull(from, to)) return { type: 'merge', body: patch };
  return { type: 'json', body: diffToPatch(live, withDifference(live, from, to) as JsonObject) };
}

/** Of an object that was made a moment ago. Nothing where there is nothing to say. */
export function assembleStatus(status: Json | undefined): Change | undefined {
  if (!isJsonObject(status)) return undefined;
  if (!holdsNull(status)) return { type: 'merge', body: { status } };
  return { type: 'json', body: [{ op: 'add', path: '/status', value: status }] };
}
