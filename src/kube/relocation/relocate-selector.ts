// Selectors that choose namespaces: by their name, in whatever label that stands, or by other labels, which a copy has as well.

import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';
import { compileSelector } from '../selectors.ts';
import type { FieldPlace } from './relocate-field.ts';
import type { Relocation } from './relocation.ts';

/** Labels whose value is the name of a namespace. Sources: Kubernetes API; Cilium docs, labels of endpoints; Calico docs. */
const nameLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/metadata.name',
  'projectcalico.org/name',
  'io.kubernetes.pod.namespace',
  'k8s:io.kubernetes.pod.namespace',
  'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name',
  'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name',
]);

/** The new name where a label's value is the old one: in a label that is always the name, or in one that the namespace has with its own name. */
function movedName(key: string, value: string, moving: Relocation): string | undefined {
  const moved = moving.namespaces.get(value);
  if (moved === undefined) return undefined;
  return nameLabels.has(key) || moving.labels.get(value)?.[key] === value ? moved : undefined;
}

function relocateLabels(labels: JsonObject, place: FieldPlace): JsonObject {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => {
      const moved = movedName(key, asString(value) ?? '', place.moving);
      if (moved === undefined) return [key, value];
      place.notes.rewrites.push({ path: [...place.path, key], before: asString(value) ?? '', after: moved });
      return [key, moved];
    }),
  );
}

function relocateExpression(expression: JsonObject, place: FieldPlace): JsonObject {
  const key = asString(expression['key']) ?? '';
  const values = asArray(expression['values']).map((value, index) => {
    const moved = movedName(key, asString(value) ?? '', place.moving);
    if (moved === undefined) return value;
    place.notes.rewrites.push({
      path: [...place.path, 'values', index],
      before: asString(value) ?? '',
      after: moved,
    });
    return moved;
  });
  return expression['values'] === undefined ? expression : { ...expression, values };
}

function relocateExpressions(list: Json, place: FieldPlace): Json {
  return asArray(list).map((each, index) =>
    isJsonObject(each) ? relocateExpression(each, { ...place, path: [...place.path, index] }) : each,
  );
}

/** Old and new namespace, where the rewritten selector chooses both. */
function choosesBoth(selector: JsonObject, moving: Relocation): readonly [string, string] | undefined {
  const compiled = compileSelector(selector);
  return [...moving.namespaces].find(([old, next]) => {
    const labels = moving.labels.get(old) ?? {};
    const own = { ...labels, 'kubernetes.io/metadata.name': old };
    return compiled.matches(own) && compiled.matches(movedLabels(own, old, next));
  });
}

/** The labels of a namespace under its new name. */
export function movedLabels(labels: JsonObject, old: string, next: string): JsonObject {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, value === old ? next : value]));
}

/** Labels of a selector: those that say a namespace's name follow it. */
export function relocateMatch(key: string, value: Json, place: FieldPlace): Json {
  if (key === 'matchLabels' && isJsonObject(value)) return relocateLabels(value, place);
  return key === 'matchExpressions' && Array.isArray(value) ? relocateExpressions(value, place) : value;
}

/** A `LabelSelector` over namespaces. */
export function relocateNamespaceSelector(selector: JsonObject, place: FieldPlace): JsonObject {
  const at = (key: string): Path => [...place.path, key];
  const made = Object.fromEntries(
    Object.entries(selector).map(([key, value]) => [
      key,
      value === undefined ? value : relocateMatch(key, value, { ...place, path: at(key) }),
    ]),
  );
  const isEmpty = Object.keys(asObject(made['matchLabels'])).length + asArray(made['matchExpressions']).length === 0;
  const both = isEmpty ? undefined : choosesBoth(made, place.moving);
  if (both !== undefined)
    place.notes.left.push({
      path: place.path,
      text: both[0],
      reason: `chooses by labels that ${both[0]} and ${both[1]} both have: it means the two of them`,
    });
  return made;
}
