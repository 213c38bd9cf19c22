// Kinds of others that hold pods, as their definitions show: rollouts, clone sets, inference services and their like are judged as Deployments are.

import { podTemplatePath } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { type GuardRail, podKinds, type RailKind } from './guard-rail.ts';
import { findPodPlaces, type PodPlace } from './pod-places.ts';

/** Names that the policies know by a template in another place. */
const otherPlaces = new Set(['Pod', 'PodTemplate', 'CronJob']);
const usual = 'spec.template';

function propertyOf(schema: JsonObject, ...names: readonly string[]): JsonObject {
  return names.reduce((node, name) => asObject(asObject(node['properties'])[name]), schema);
}

/** Some definitions leave the template open: then the kind must be one that is known. */
function holdsTemplate(schema: JsonObject, group: string, kind: string): boolean {
  const template = propertyOf(schema, 'spec', 'template');
  if (propertyOf(template, 'spec', 'containers')['type'] === 'array') return true;
  const isOpen = [template, propertyOf(template, 'spec')].some(
    (node) => node['x-kubernetes-preserve-unknown-fields'] === true,
  );
  return isOpen && podTemplatePath(group, kind)?.join('.') === usual;
}

/** The usual place, which needs no word, before all others. */
function placesIn(schema: JsonObject, group: string, kind: string): (PodPlace | undefined)[] {
  const others = findPodPlaces(schema).places.filter(({ path }) => path.join('.') !== usual);
  return [...(holdsTemplate(schema, group, kind) ? [undefined] : []), ...others];
}

interface Version {
  readonly kind: RailKind;
  readonly schema: JsonObject;
}

function versionsOf({ raw }: KubeObject): Version[] {
  const { group: written, names, versions } = asObject(raw['spec']);
  const { kind: named, plural } = asObject(names);
  const [group = '', kind = '', resource = ''] = [written, named, plural].map(asString);
  if (group === '' || kind === '' || resource === '' || otherPlaces.has(kind)) return [];
  return asArray(versions)
    .map(asObject)
    .flatMap(({ name, served, schema }): Version[] => {
      const version = asString(name);
      if (version === undefined || served !== true) return [];
      return [{ kind: { group, version, kind, resource }, schema: asObject(asObject(schema)['openAPIV3Schema']) }];
    });
}

function definitionsOf(objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
}

/** Kinds whose objects hold pods, of the CustomResourceDefinitions among these: one for each version and place. */
export function findCustomPodKinds(objects: readonly KubeObject[]): RailKind[] {
  return definitionsOf(objects)
    .flatMap(versionsOf)
    .flatMap(({ kind, schema }) =>
      placesIn(schema, kind.group, kind.kind).map((place) => (place === undefined ? kind : { ...kind, place })),
    );
}

/** Pods in lists, of which there may be any number: no policy looks into them. `RayCluster (spec.workerGroupSpecs[].template)`. */
export function findRepeatedPods(objects: readonly KubeObject[]): string[] {
  const told = definitionsOf(objects)
    .flatMap(versionsOf)
    .flatMap(({ kind, schema }) => findPodPlaces(schema).repeated.map((place) => `${kind.kind} (${place})`));
  return [...new Set(told)];
}

function identityOf({ group, version, kind }: RailKind): string {
  return `${group}/${version}/${kind}`;
}

/** The first place of each kind, then the second, and so on: one policy looks at one place of an object. */
function inLayers(custom: readonly RailKind[]): RailKind[][] {
  const layers: RailKind[][] = [];
  const counts = new Map<string, number>();
  for (const each of custom) {
    const depth = counts.get(identityOf(each)) ?? 0;
    counts.set(identityOf(each), depth + 1);
    (layers[depth] ??= []).push(each);
  }
  return layers;
}

/** The rail for these kinds too, where it is about every pod template: first for one place of each, then for the others. */
export function withCustomKinds(rail: GuardRail, custom: readonly RailKind[]): readonly [GuardRail, ...GuardRail[]] {
  const [first = [], ...more] = rail.kinds === podKinds ? inLayers(custom) : [];
  const whole = first.length === 0 ? rail : { ...rail, kinds: [...podKinds, ...first] };
  return [whole, ...more.map((kinds, index): GuardRail => ({ ...rail, kinds, suffix: `-${index + 2}` }))];
}
