// What to send to server-side apply for a wanted change: the changed fields, with the keys of the list items that they are in, and what we own already.

import { type SchemaNode, type TypeSource } from '../schema/index.ts';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../model/index.ts';
import { type Element, elementsOf } from './elements.ts';
import type { FieldSet } from './field-set.ts';

/** Kinds and fields as the server knows them. */
export interface ApplyTypes {
  readonly types: TypeSource;
  readonly node: SchemaNode;
}

type Parts = readonly Element[];

function byName(parts: Parts): Map<string, Element> {
  return new Map(parts.map((part) => [part.name, part]));
}

/** The fields that tell an item of a list apart: it needs them wherever it goes. */
function keysOf(name: string, item: Json): [string, Json][] {
  if (!name.startsWith('k:') || !isJsonObject(item)) return [];
  return Object.keys(JSON.parse(name.slice(2)) as object).flatMap((key): [string, Json][] => {
    const value = item[key];
    return value === undefined ? [] : [[key, value]];
  });
}

/** Puts chosen parts into a value of the kind that they were taken from. */
export function assembleParts(original: Json, chosen: readonly (readonly [string, Json])[]): Json {
  if (Array.isArray(original)) return chosen.map(([, value]) => value);
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice(2), value]));
}

function withKeys(name: string, item: Json, value: Json): Json {
  const keys = keysOf(name, item);
  return keys.length === 0 || !isJsonObject(value) ? value : { ...Object.fromEntries(keys), ...value };
}

/** Of `after` what is not so in `before`; `undefined` where nothing is. Values without parts of their own are taken whole. */
function changedPart(types: TypeSource, node: SchemaNode, before: Json | undefined, after: Json): Json | undefined {
  if (isSameJson(before, after)) return undefined;
  const parts = elementsOf(types, node, after);
  const old = before === undefined ? undefined : elementsOf(types, node, before);
  if (parts === undefined || old === undefined || parts.length === 0) return after;
  const known = byName(old);
  const chosen = parts.flatMap((part): [string, Json][] => {
    const value = changedPart(types, part.node, known.get(part.name)?.value, part.value);
    return value === undefined ? [] : [[part.name, withKeys(part.name, part.value, value)]];
  });
  return chosen.length === 0 ? undefined : assembleParts(after, chosen);
}

/** True where something of `before` is gone: an application cannot take away what others put there. */
function losesParts(types: TypeSource, node: SchemaNode, before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || isSameJson(before, after)) return false;
  if (after === undefined) return true;
  const old = elementsOf(types, node, before);
  const parts = elementsOf(types, node, after);
  if (old === undefined || parts === undefined) return false;
  const now = byName(parts);
  return old.some((part) => losesParts(types, part.node, part.value, now.get(part.name)?.value));
}

/** The part of a value that a set of fields names. Items that are not there any more are left out. */
export function ownedPart(types: TypeSource, node: SchemaNode, value: Json, fields: FieldSet): Json | undefined {
  if (fields.children.size === 0) return fields.isMember ? value : undefined;
  const parts = elementsOf(types, node, value);
  if (parts === undefined) return value;
  const chosen = parts.flatMap((part): [string, Json][] => {
    const below = fields.children.get(part.name);
    const owned = below === undefined ? undefined : ownedPart(types, part.node, part.value, below);
    return owned === undefined ? [] : [[part.name, withKeys(part.name, part.value, owned)]];
  });
  return chosen.length > 0 || fields.isMember ? assembleParts(value, chosen) : undefined;
}

/** Lays one application over another: items of lists are found by the name they have in `fieldsV1`. */
function overlay(
  types: TypeSource,
  node: SchemaNode,
  under: Json | undefined,
  over: Json | undefined,
): Json | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  const below = elementsOf(types, node, under);
  const above = elementsOf(types, node, over);
  if (below === undefined || above === undefined) return over;
  const names = [...new Set([...below, ...above].map(({ name }) => name))];
  const [lower, upper] = [byName(below), byName(above)];
  const merged = names.flatMap((name): [string, Json][] => {
    const inner = (lower.get(name) ?? upper.get(name))?.node ?? node;
    const value = overlay(types, inner, lower.get(name)?.value, upper.get(name)?.value);
    return value === undefined ? [] : [[name, value]];
  });
  return assembleParts(over, merged);
}

/** An object with the fields of another one over its own, as an application of that one would leave it. */
export function layOver({ types, node }: ApplyTypes, under: JsonObject, over: JsonObject): JsonObject {
  const laid = overlay(types, node, under, over);
  return isJsonObject(laid) ? laid : over;
}

/** The server's own fields of metadata, and `status`, are no part of an application. */
function ownFields(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isJsonObject(metadata)) return rest;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const own = Object.entries({ labels, annotations, finalizers, ownerReferences });
  return { ...rest, metadata: Object.fromEntries(own.filter(([, value]) => value !== undefined)) };
}

function identity({ apiVersion, kind, metadata }: JsonObject): JsonObject {
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

function merge(base: JsonObject, part: JsonObject): JsonObject {
  const metadata = { ...(base['metadata'] as JsonObject), ...(isJsonObject(part['metadata']) ? part['metadata'] : {}) };
  return { ...part, ...base, metadata };
}

/**
 * The object to apply so that `live` becomes `wanted`, together with `owned`, the fields that we applied before: whatever an application leaves out
 * is given up. `undefined` where `wanted` lacks something that `live` has, which no application can take away.
 */
export function toApplyConfig(
  { types, node }: ApplyTypes,
  { live, wanted, owned }: { live: JsonObject; wanted: JsonObject; owned: FieldSet },
): JsonObject | undefined {
  const [before, after] = [ownFields(live), ownFields(wanted)];
  if (losesParts(types, node, before, after)) return undefined;
  const changed = changedPart(types, node, before, after);
  const kept = ownedPart(types, node, before, owned);
  const both = overlay(types, node, kept, changed);
  return merge(identity(live), isJsonObject(both) ? both : {});
}
