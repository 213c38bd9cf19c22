// What may not change once an object is there. Source: the ValidateUpdate functions of Kubernetes, tried on 1.34.

import { asArray, asObject, isSameJson, type Json, type JsonObject, valueAt } from '../../model/index.ts';
import { specOf, withValue } from '../objects/edit.ts';
import type { Resource } from '../resources/resource.ts';
import type { Cause } from '../status-error.ts';
import { forbiddenField, invalidValue } from './causes.ts';

type UpdateRule = (before: JsonObject, after: JsonObject) => Cause[];

function fixed(path: readonly string[], why = 'field is immutable'): UpdateRule {
  return (before, after) => {
    const [old, next] = [valueAt(before, path), valueAt(after, path)];
    return isSameJson(old, next) ? [] : [invalidValue(path, next, why)];
  };
}

function without(object: JsonObject, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)));
}

/** The spec as a whole may not change but for some fields. */
function fixedSpecBut(fields: readonly string[], why: string): UpdateRule {
  return (before, after) => {
    const isSame = isSameJson(without(specOf(before), fields), without(specOf(after), fields));
    return isSame ? [] : [forbiddenField(['spec'], why)];
  };
}

function sealedData(fields: readonly string[]): UpdateRule {
  return (before, after) => {
    if (before['immutable'] !== true) return [];
    const why = 'field is immutable when `immutable` is set';
    return [...fields, 'immutable'].flatMap((field) =>
      isSameJson(before[field], after[field]) ? [] : [forbiddenField([field], why)],
    );
  };
}

function clusterAddress(before: JsonObject, after: JsonObject): Cause[] {
  const [old, next] = [asArray(specOf(before)['clusterIPs']), asArray(specOf(after)['clusterIPs'])];
  const isFree = old.length === 0 || specOf(after)['type'] === 'ExternalName';
  return isFree || isSameJson(old, next)
    ? []
    : [invalidValue(['spec', 'clusterIPs', 0], next, 'may not change once set')];
}

const statefulSetFields = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const statefulSetWhy = `updates to statefulset spec for fields other than ${statefulSetFields
  .slice(0, -1)
  .map((field) => `'${field}'`)
  .join(', ')} and 'minReadySeconds' are forbidden`;

/** A claim's volume is chosen once; its size may grow. */
function claimSpec(before: JsonObject, after: JsonObject): Cause[] {
  const strip = (object: JsonObject): Json => {
    const spec = withValue(specOf(object), ['resources'], undefined);
    const isFree = specOf(before)['volumeName'] === undefined;
    return without(spec, isFree ? ['volumeName', 'volumeAttributesClassName'] : ['volumeAttributesClassName']);
  };
  const why =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return isSameJson(strip(before), strip(after)) ? [] : [forbiddenField(['spec'], why)];
}

const podFields = [
  'activeDeadlineSeconds',
  'terminationGracePeriodSeconds',
  'tolerations',
  'schedulingGates',
  'nodeName',
];
const podWhy =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function podSpec(before: JsonObject, after: JsonObject): Cause[] {
  const withoutImages = (list: Json | undefined): Json =>
    asArray(list).map((each) => without(asObject(each), ['image']));
  const strip = (object: JsonObject): Json => {
    const spec = specOf(object);
    const rest = asObject(without(spec, podFields));
    return {
      ...rest,
      containers: withoutImages(spec['containers']),
      initContainers: withoutImages(spec['initContainers']),
    };
  };
  return isSameJson(strip(before), strip(after)) ? [] : [forbiddenField(['spec'], podWhy)];
}

function jobTemplate(before: JsonObject, after: JsonObject): Cause[] {
  // A job that is suspended may still be given other nodes; to change anything else it must be made anew.
  if (specOf(before)['suspend'] === true) return [];
  return fixed(['spec', 'template'])(before, after);
}

function storageClass(before: JsonObject, after: JsonObject): Cause[] {
  return ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((field) =>
    isSameJson(before[field], after[field]) ? [] : [forbiddenField([field], `updates to ${field} are forbidden.`)],
  );
}

const selector = fixed(['spec', 'selector']);
const roleRef = fixed(['roleRef'], 'cannot change roleRef');

const rules: Readonly<Record<string, readonly UpdateRule[]>> = {
  '/configmaps': [sealedData(['data', 'binaryData'])],
  '/secrets': [fixed(['type']), sealedData(['data'])],
  '/services': [clusterAddress],
  '/pods': [podSpec],
  '/persistentvolumeclaims': [claimSpec],
  'apps/deployments': [selector],
  'apps/daemonsets': [selector],
  'apps/replicasets': [selector],
  'apps/statefulsets': [fixedSpecBut(statefulSetFields, statefulSetWhy)],
  'batch/jobs': [selector, fixed(['spec', 'completionMode']), jobTemplate],
  'rbac.authorization.k8s.io/rolebindings': [roleRef],
  'rbac.authorization.k8s.io/clusterrolebindings': [roleRef],
  'storage.k8s.io/storageclasses': [storageClass],
  'apiextensions.k8s.io/customresourcedefinitions': [fixed(['spec', 'scope']), fixed(['spec', 'group'])],
};

export function updateCauses(resource: Resource, before: JsonObject, after: JsonObject): Cause[] {
  return (rules[resource.key] ?? []).flatMap((rule) => rule(before, after));
}
