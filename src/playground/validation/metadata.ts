// Names, labels, annotations and finalizers. Source: ValidateObjectMeta of apimachinery.

import {
  dns1035LabelProblem,
  dns1123LabelProblem,
  dns1123SubdomainProblem,
  labelKeyProblem,
  labelValueProblem,
} from '../../kube/names.ts';
import { asObject, asString, type JsonObject, type Path } from '../../model/index.ts';
import { finalizersOf, metadataOf } from '../objects/edit.ts';
import type { Resource } from '../resources/resource.ts';
import type { Cause } from '../status-error.ts';
import { invalidValue, required } from './causes.ts';

function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const found = ['/', '%'].find((each) => name.includes(each));
  return found === undefined ? undefined : `may not contain '${found}'`;
}

const nameRules: Readonly<Record<string, (name: string) => string | undefined>> = {
  '/namespaces': dns1123LabelProblem,
  '/services': dns1035LabelProblem,
  'rbac.authorization.k8s.io/roles': pathSegmentProblem,
  'rbac.authorization.k8s.io/rolebindings': pathSegmentProblem,
  'rbac.authorization.k8s.io/clusterroles': pathSegmentProblem,
  'rbac.authorization.k8s.io/clusterrolebindings': pathSegmentProblem,
};

function nameCauses(resource: Resource, name: string): Cause[] {
  const path = ['metadata', 'name'];
  if (name === '') return [required(path, 'name or generateName is required')];
  const problem = (nameRules[resource.key] ?? dns1123SubdomainProblem)(name);
  return problem === undefined ? [] : [invalidValue(path, name, problem)];
}

export function labelCauses(labels: JsonObject, path: Path): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const keyProblem = labelKeyProblem(key);
    const valueProblem = labelValueProblem(asString(value) ?? '');
    return [
      ...(keyProblem === undefined ? [] : [invalidValue(path, key, keyProblem)]),
      ...(valueProblem === undefined ? [] : [invalidValue(path, value, valueProblem)]),
    ];
  });
}

/** Annotations may have upper-case prefixes, values of any form. */
function annotationCauses(annotations: JsonObject): Cause[] {
  return Object.keys(annotations).flatMap((key) => {
    const problem = labelKeyProblem(key.toLowerCase());
    return problem === undefined ? [] : [invalidValue(['metadata', 'annotations'], key, problem)];
  });
}

/** Without a slash only Kubernetes' own finalizers are valid, but for custom resources and their definitions. */
const ownFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function finalizerCauses({ isCustom, group }: Resource, finalizers: readonly string[]): Cause[] {
  const isLenient = isCustom || group === 'apiextensions.k8s.io';
  return finalizers.flatMap((name, index) => {
    const path = ['metadata', 'finalizers', index];
    const problem = labelKeyProblem(name);
    if (problem !== undefined) return [invalidValue(['metadata', 'finalizers'], name, problem)];
    if (isLenient || name.includes('/') || ownFinalizers.has(name)) return [];
    return [invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
  });
}

export function metadataCauses(resource: Resource, object: JsonObject): Cause[] {
  const metadata = metadataOf(object);
  return [
    ...nameCauses(resource, asString(metadata['name']) ?? ''),
    ...labelCauses(asObject(metadata['labels']), ['metadata', 'labels']),
    ...annotationCauses(asObject(metadata['annotations'])),
    ...finalizerCauses(resource, finalizersOf(object)),
  ];
}
