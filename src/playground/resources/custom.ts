// Custom resources as their definitions describe them. Source: apiextensions.k8s.io/v1.

import { compileServedResource } from '../../kube/schema/compile-crd.ts';
import { asArray, asObject, asString, isJsonObject, type JsonObject } from '../../model/index.ts';
import { specOf } from '../objects/edit.ts';
import { allVerbs } from './built-in.ts';
import { type Resource, resourceKey, type ScalePaths, type ServedVersion } from './resource.ts';

function texts(value: unknown): string[] {
  return asArray(value).filter((each) => typeof each === 'string');
}

function scaleOf(raw: JsonObject): ScalePaths | undefined {
  const replicas = asString(raw['specReplicasPath']);
  const statusReplicas = asString(raw['statusReplicasPath']);
  if (replicas === undefined || statusReplicas === undefined) return undefined;
  const selector = asString(raw['labelSelectorPath']);
  return selector === undefined ? { replicas, statusReplicas } : { replicas, statusReplicas, selector };
}

function readVersion(raw: JsonObject, keepsUnknown: boolean): ServedVersion {
  const schema = asObject(asObject(raw['schema'])['openAPIV3Schema']);
  const sub = asObject(raw['subresources']);
  const scale = isJsonObject(sub['scale']) ? scaleOf(sub['scale']) : undefined;
  return {
    version: asString(raw['name']) ?? '',
    schema: compileServedResource(schema, keepsUnknown),
    subresources: [...(scale === undefined ? [] : ['scale']), ...(isJsonObject(sub['status']) ? ['status'] : [])],
    ...(scale === undefined ? {} : { scale }),
  };
}

const versionPattern = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/;

/** Stable before beta before alpha, newer before older, all other names after them by alphabet. */
export function compareVersions(a: string, b: string): number {
  const rank = (name: string): readonly number[] | undefined => {
    const match = versionPattern.exec(name);
    if (match === null) return undefined;
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [left, right] = [rank(a), rank(b)];
  if (left === undefined && right === undefined) return a < b ? -1 : 1;
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing === -1 ? 0 : (right[differing] ?? 0) - (left[differing] ?? 0);
}

export function isEstablished(definition: JsonObject): boolean {
  const conditions = asArray(asObject(definition['status'])['conditions']).map(asObject);
  return conditions.some((each) => each['type'] === 'Established' && each['status'] === 'True');
}

/** The resource that a definition describes, with its served versions. */
export function customResource(definition: JsonObject): Resource {
  const spec = specOf(definition);
  const names = asObject(spec['names']);
  const group = asString(spec['group']) ?? '';
  const plural = asString(names['plural']) ?? '';
  const kind = asString(names['kind']) ?? '';
  const raw = asArray(spec['versions']).map(asObject);
  const served = raw.filter((each) => each['served'] === true);
  const keepsUnknown = spec['preserveUnknownFields'] === true;
  return {
    key: resourceKey(group, plural),
    group,
    kind,
    listKind: asString(names['listKind']) ?? `${kind}List`,
    plural,
    singular: asString(names['singular']) ?? kind.toLowerCase(),
    shortNames: texts(names['shortNames']),
    categories: texts(names['categories']),
    namespaced: spec['scope'] !== 'Cluster',
    verbs: allVerbs,
    isCustom: true,
    versions: served
      .map((each) => readVersion(each, keepsUnknown))
      .sort((a, b) => compareVersions(a.version, b.version)),
    storageVersion: asString(raw.find((each) => each['storage'] === true)?.['name']) ?? '',
  };
}
