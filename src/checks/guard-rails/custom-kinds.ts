// Kinds of others that hold a pod template, as their definitions show: rollouts, clone sets and their like are judged as Deployments are.

import { podTemplatePath } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { type GuardRail, podKinds, type RailKind } from './guard-rail.ts';

/** Names that the policies know by a template in another place. */
const otherPlaces = new Set(['Pod', 'PodTemplate', 'CronJob']);

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
  return isOpen && podTemplatePath(group, kind)?.join('.') === 'spec.template';
}

function kindsIn({ raw }: KubeObject): RailKind[] {
  const { group: written, names, versions } = asObject(raw['spec']);
  const { kind: named, plural } = asObject(names);
  const [group = '', kind = '', resource = ''] = [written, named, plural].map(asString);
  if (group === '' || kind === '' || resource === '' || otherPlaces.has(kind)) return [];
  return asArray(versions)
    .map(asObject)
    .flatMap(({ name, served, schema }): RailKind[] => {
      const version = asString(name);
      const isHeld = holdsTemplate(asObject(asObject(schema)['openAPIV3Schema']), group, kind);
      return version !== undefined && served === true && isHeld ? [{ group, version, kind, resource }] : [];
    });
}

/** Kinds whose objects have a pod template at `spec.template`, of the CustomResourceDefinitions among these. */
export function findCustomPodKinds(objects: readonly KubeObject[]): RailKind[] {
  return objects.filter(({ kind }) => kind === 'CustomResourceDefinition').flatMap(kindsIn);
}

/** The rail for these kinds too, where it is about every pod template. */
export function withCustomKinds(rail: GuardRail, custom: readonly RailKind[]): GuardRail {
  return rail.kinds === podKinds && custom.length > 0 ? { ...rail, kinds: [...podKinds, ...custom] } : rail;
}
