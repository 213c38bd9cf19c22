// Sets of fields, as `managedFields` holds them: a tree of names, each a member or only on the way to one.

import { isJsonObject, type Json, type JsonObject, parseJson, renderJson } from '../../model/index.ts';

export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { isMember: false, children: new Map() };
export const memberSet: FieldSet = { isMember: true, children: new Map() };

export function isEmptySet(set: FieldSet): boolean {
  return !set.isMember && set.children.size === 0;
}

/** A set with these children, those that are empty left out. */
export function setWith(isMember: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  return { isMember, children: new Map([...children].filter(([, child]) => !isEmptySet(child))) };
}

/** Reads `fieldsV1`: `{}` is a member; one with children is a member where `.` is among them. */
export function parseFields(raw: Json | undefined): FieldSet {
  if (!isJsonObject(raw)) return emptySet;
  const names = Object.keys(raw).filter((name) => name !== '.');
  const isMember = names.length === 0 || Object.hasOwn(raw, '.');
  return { isMember, children: new Map(names.map((name) => [name, parseFields(raw[name])])) };
}

/** The set as `fieldsV1`, sorted by name. */
export function renderFields(set: FieldSet): JsonObject {
  const own: [string, Json][] = set.isMember && set.children.size > 0 ? [['.', {}]] : [];
  const children = [...set.children].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries([...own, ...children.map(([name, child]): [string, Json] => [name, renderFields(child)])]);
}

export function unionOf(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [name, child] of b.children) {
    const own = children.get(name);
    children.set(name, own === undefined ? child : unionOf(own, child));
  }
  return { isMember: a.isMember || b.isMember, children };
}

export function intersectionOf(a: FieldSet, b: FieldSet): FieldSet {
  const children = [...a.children].map(([name, child]): [string, FieldSet] => {
    const other = b.children.get(name);
    return [name, other === undefined ? emptySet : intersectionOf(child, other)];
  });
  return setWith(a.isMember && b.isMember, children);
}

export function differenceOf(a: FieldSet, b: FieldSet): FieldSet {
  const children = [...a.children].map(([name, child]): [string, FieldSet] => {
    const other = b.children.get(name);
    return [name, other === undefined ? child : differenceOf(child, other)];
  });
  return setWith(a.isMember && !b.isMember, children);
}

/** The set without some of its branches, whole: `[['f:metadata', 'f:name'], ['f:status']]`. */
export function withoutBranches(set: FieldSet, branches: readonly (readonly string[])[]): FieldSet {
  const children = [...set.children].flatMap(([name, child]): [string, FieldSet][] => {
    const below = branches.filter(([first]) => first === name).map((branch) => branch.slice(1));
    if (below.some((rest) => rest.length === 0)) return [];
    return [[name, below.length === 0 ? child : withoutBranches(child, below)]];
  });
  return setWith(set.isMember, children);
}

export function isSameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.isMember !== b.isMember || a.children.size !== b.children.size) return false;
  return [...a.children].every(([name, child]) => {
    const other = b.children.get(name);
    return other !== undefined && isSameSet(child, other);
  });
}

function renderStep(name: string): string {
  if (name.startsWith('f:')) return `.${name.slice(2)}`;
  if (name.startsWith('v:')) return `[=${name.slice(2)}]`;
  const keys = parseJson(name.slice(2));
  const pairs = isJsonObject(keys) ? Object.entries(keys) : [];
  return `[${pairs.map(([key, value]) => `${key}=${renderJson(value)}`).join(',')}]`;
}

/** The members as people read them: `.spec.containers[name="web"].image`. */
export function renderPaths(set: FieldSet, prefix = ''): string[] {
  const own = set.isMember && prefix !== '' ? [prefix] : [];
  const below = [...set.children].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [...own, ...below.flatMap(([name, child]) => renderPaths(child, prefix + renderStep(name)))];
}
