// Rules of single kinds beyond their schemas. Source: the validation packages of Kubernetes, tried on 1.34.

import { configMapKeyProblem } from '../../kube/names.ts';
import { asArray, asNumber, asObject, asString, isJsonObject, type JsonObject } from '../../model/index.ts';
import { nameOf, specOf } from '../objects/edit.ts';
import type { Resource } from '../resources/resource.ts';
import type { Cause } from '../status-error.ts';
import { duplicate, forbiddenField, invalidValue, required } from './causes.ts';
import { cronJobCauses, jobCauses, podCauses, workloadCauses } from './workloads.ts';

type Rule = (object: JsonObject) => Cause[];

function keyCauses(object: JsonObject, field: string): Cause[] {
  return Object.keys(asObject(object[field])).flatMap((key) => {
    const problem = configMapKeyProblem(key);
    return problem === undefined ? [] : [invalidValue([field, key], key, problem)];
  });
}

function serviceCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const ports = asArray(spec['ports']).map(asObject);
  const needsPorts = spec['type'] !== 'ExternalName' && spec['clusterIP'] !== 'None';
  if (ports.length === 0) return needsPorts ? [required(['spec', 'ports'])] : [];
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = ['spec', 'ports', index];
    const number = asNumber(port['port']) ?? 0;
    const name = asString(port['name']) ?? '';
    const isAgain = names.has(name);
    names.add(name);
    return [
      ...(number < 1 || number > 65535
        ? [invalidValue([...at, 'port'], number, 'must be between 1 and 65535, inclusive')]
        : []),
      ...(name === '' && ports.length > 1 ? [required([...at, 'name'])] : []),
      ...(name !== '' && isAgain ? [duplicate([...at, 'name'], name)] : []),
    ];
  });
}

function claimCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const requests = asObject(asObject(spec['resources'])['requests']);
  return [
    ...(asArray(spec['accessModes']).length === 0
      ? [required(['spec', 'accessModes'], 'at least 1 access mode is required')]
      : []),
    ...(requests['storage'] === undefined ? [required(['spec', 'resources', 'storage'])] : []),
  ];
}

function budgetCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const hasBoth = spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined;
  return hasBoth ? [invalidValue(['spec'], spec, 'minAvailable and maxUnavailable cannot be both set')] : [];
}

function scalerCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const [least, most] = [asNumber(spec['minReplicas']) ?? 1, asNumber(spec['maxReplicas']) ?? 0];
  if (most < 1) return [invalidValue(['spec', 'maxReplicas'], most, 'must be greater than 0')];
  if (most >= least) return [];
  return [invalidValue(['spec', 'maxReplicas'], most, 'must be greater than or equal to `minReplicas`')];
}

/** Whether a schema has a type wherever a structural one must: at its properties, items and values. */
function untypedAt(schema: JsonObject, path: readonly string[]): (readonly string[])[] {
  const hasType = schema['type'] !== undefined || schema['x-kubernetes-int-or-string'] === true;
  const own = hasType || schema['x-kubernetes-preserve-unknown-fields'] === true ? [] : [[...path, 'type']];
  const properties = Object.entries(asObject(schema['properties']));
  const inner = ['items', 'additionalProperties'].filter((name) => isJsonObject(schema[name]));
  return [
    ...own,
    ...properties.flatMap(([name, each]) => untypedAt(asObject(each), [...path, 'properties', name])),
    ...inner.flatMap((name) => untypedAt(asObject(schema[name]), [...path, name])),
  ];
}

function definitionVersionCauses(version: JsonObject, index: number): Cause[] {
  const at = ['spec', 'versions', index, 'schema', 'openAPIV3Schema'];
  const schema = asObject(version['schema'])['openAPIV3Schema'];
  if (!isJsonObject(schema)) return [required(at, 'schemas are required')];
  return untypedAt(schema, []).map((path) =>
    required([...at, ...path], 'must not be empty for specified object fields'),
  );
}

function definitionCauses(object: JsonObject): Cause[] {
  const spec = specOf(object);
  const plural = asString(asObject(spec['names'])['plural']) ?? '';
  const wanted = `${plural}.${asString(spec['group']) ?? ''}`;
  const versions = asArray(spec['versions']).map(asObject);
  const stored = versions.filter((each) => each['storage'] === true);
  return [
    ...(nameOf(object) === wanted
      ? []
      : [invalidValue(['metadata', 'name'], nameOf(object), `must be spec.names.plural+"."+spec.group`)]),
    ...(stored.length === 1
      ? []
      : [invalidValue(['spec', 'versions'], null, 'must have exactly one version marked as storage version')]),
    ...versions.flatMap(definitionVersionCauses),
  ];
}

function ruleCauses(object: JsonObject): Cause[] {
  return asArray(object['rules'])
    .map(asObject)
    .flatMap((rule, index) => {
      const at = ['rules', index];
      if (asArray(rule['verbs']).length === 0)
        return [required([...at, 'verbs'], 'verbs must contain at least one value')];
      const hasUrls = asArray(rule['nonResourceURLs']).length > 0;
      if (hasUrls) return [];
      const groups = asArray(rule['apiGroups']).length === 0;
      if (groups) return [required([...at, 'apiGroups'], 'resource rules must supply at least one api group')];
      const resources = asArray(rule['resources']).length === 0;
      return resources ? [required([...at, 'resources'], 'resource rules must supply at least one resource')] : [];
    });
}

function namespacedRuleCauses(object: JsonObject): Cause[] {
  const urls = asArray(object['rules']).flatMap((rule, index) =>
    asArray(asObject(rule)['nonResourceURLs']).length > 0
      ? [forbiddenField(['rules', index, 'nonResourceURLs'], 'namespaced rules cannot apply to non-resource URLs')]
      : [],
  );
  return [...urls, ...ruleCauses(object)];
}

const rules: Readonly<Record<string, Rule>> = {
  '/configmaps': (object) => [...keyCauses(object, 'data'), ...keyCauses(object, 'binaryData')],
  '/secrets': (object) => keyCauses(object, 'data'),
  '/services': serviceCauses,
  '/persistentvolumeclaims': claimCauses,
  '/pods': podCauses,
  'apps/deployments': workloadCauses,
  'apps/replicasets': workloadCauses,
  'apps/statefulsets': workloadCauses,
  'apps/daemonsets': workloadCauses,
  'batch/jobs': jobCauses,
  'batch/cronjobs': cronJobCauses,
  'policy/poddisruptionbudgets': budgetCauses,
  'autoscaling/horizontalpodautoscalers': scalerCauses,
  'apiextensions.k8s.io/customresourcedefinitions': definitionCauses,
  'rbac.authorization.k8s.io/roles': namespacedRuleCauses,
  'rbac.authorization.k8s.io/clusterroles': ruleCauses,
};

export function kindCauses(resource: Resource, object: JsonObject): Cause[] {
  return rules[resource.key]?.(object) ?? [];
}
