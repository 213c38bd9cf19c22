// Where objects of a custom kind hold pods, as the schema of its definition shows: whole templates, or the spec of a pod alone.

import { asObject, type JsonObject } from '../../model/index.ts';

export interface PodPlace {
  /** Fields from the top: `['spec', 'predictor']`. */
  readonly path: readonly string[];
  /** A template has the pod's spec below `spec`. */
  readonly holds: 'template' | 'spec';
}

export interface PodPlaces {
  readonly places: readonly PodPlace[];
  /** Of each item of a list or value of a map, as `spec.workers[].template`: there may be any number of them. */
  readonly repeated: readonly string[];
}

/** Deeper than any definition that is known. */
const deepest = 12;

function property(node: JsonObject, name: string): JsonObject {
  return asObject(asObject(node['properties'])[name]);
}

function isContainerList(node: JsonObject): boolean {
  return node['type'] === 'array' && property(asObject(node['items']), 'image')['type'] === 'string';
}

/** Fields of a pod's spec that a list of containers in something else does not have beside it. */
const ofPods = ['nodeSelector', 'serviceAccountName', 'tolerations', 'volumes'];

function isPodSpec(node: JsonObject): boolean {
  return (
    isContainerList(property(node, 'containers')) && ofPods.every((name) => property(node, name)['type'] !== undefined)
  );
}

function isPodTemplate(node: JsonObject): boolean {
  return (
    property(node, 'metadata')['type'] !== undefined && isContainerList(property(property(node, 'spec'), 'containers'))
  );
}

const everyItem = '[]';

function childrenOf(node: JsonObject): [string, JsonObject][] {
  const fields = Object.entries(asObject(node['properties'])).map(([name, value]): [string, JsonObject] => [
    name,
    asObject(value),
  ]);
  const each = [asObject(node['items']), asObject(node['additionalProperties'])].filter(
    (child) => Object.keys(child).length > 0,
  );
  return [...fields, ...each.map((child): [string, JsonObject] => [everyItem, child])];
}

function search(node: JsonObject, path: readonly string[]): PodPlace[] {
  if (path.length > 0 && isPodTemplate(node)) return [{ path, holds: 'template' }];
  if (path.length > 0 && isPodSpec(node)) return [{ path, holds: 'spec' }];
  if (path.length >= deepest) return [];
  return childrenOf(node).flatMap(([name, child]) => search(child, [...path, name]));
}

/** `schema` as `openAPIV3Schema` has it. What the status tells is nobody's to write. */
export function findPodPlaces(schema: JsonObject): PodPlaces {
  const found = search(schema, []).filter(({ path }) => path[0] !== 'status');
  const isRepeated = ({ path }: PodPlace): boolean => path.includes(everyItem);
  return {
    places: found.filter((place) => !isRepeated(place)),
    repeated: found.filter(isRepeated).map(({ path }) => path.join('.').replaceAll(`.${everyItem}`, everyItem)),
  };
}
