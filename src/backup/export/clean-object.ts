// An object as its author would write it: without status, without what the cluster gave it, and without what the API server fills in. Pure.

import { stripDefaults } from '../../kube/defaults/strip-defaults.ts';
import type { Schemas } from '../../kube/schema/index.ts';
import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import { restoreService } from '../restore/kind-actions.ts';
import { changeAt, changeEach, removeAt, withoutKeys } from '../restore/edit-object.ts';

/** Annotations that a cluster, kubectl or a tool writes while it works. */
const givenAnnotations =
  /^(?:kubectl\.kubernetes\.io\/(?:last-applied-configuration|restartedAt)$|deployment\.kubernetes\.io\/|deprecated\.daemonset\.template\.generation$|(?:pv|volume|volume\.beta)\.kubernetes\.io\/|control-plane\.alpha\.kubernetes\.io\/leader$|endpoints\.kubernetes\.io\/|autoscaling\.alpha\.kubernetes\.io\/|batch\.kubernetes\.io\/|velero\.io\/)/;
const givenLabels =
  /^(?:kubernetes\.io\/metadata\.name$|velero\.io\/|(?:batch\.kubernetes\.io\/)?(?:controller-uid|job-name)$|pod-template-hash$|controller-revision-hash$)/;

function cleanMetadata(metadata: Json | undefined): JsonObject {
  const { name, namespace, labels, annotations } = asObject(metadata);
  const kept = {
    name,
    namespace,
    labels: withoutKeys(labels, (key) => givenLabels.test(key)),
    annotations: withoutKeys(annotations, (key) => givenAnnotations.test(key)),
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined && value !== ''));
}

type Clean = (object: JsonObject) => JsonObject;

function withoutFields(...fields: readonly string[]): Clean {
  return (object) => removeAt(object, ...fields.map((field) => field.split('.')));
}

const cleanService: Clean = (object) => {
  const bare = restoreService(object, { preserveNodePorts: false });
  const { ipFamilyPolicy = 'SingleStack' } = asObject(bare['spec']);
  // Of one family, the cluster chose which.
  const addressed = removeAt(bare, ['spec', 'clusterIPs']);
  return ipFamilyPolicy === 'SingleStack' ? removeAt(addressed, ['spec', 'ipFamilies']) : addressed;
};

const cleanJob: Clean = (object) => {
  const made = changeAt(object, ['spec', 'template', 'metadata', 'labels'], (labels) =>
    withoutKeys(labels, (key) => givenLabels.test(key)),
  );
  return asObject(object['spec'])['manualSelector'] === true ? made : removeAt(made, ['spec', 'selector']);
};

/** Mounts of the account's token, and where and how urgently it runs, which an admission plugin added. */
const cleanPod: Clean = (object) => {
  const isToken = (each: JsonObject): boolean => (asString(each['name']) ?? '').startsWith('kube-api-access-');
  const without = (list: Json | undefined) => changeEach(list, (each) => (isToken(each) ? undefined : each));
  const containers = (list: Json | undefined) =>
    changeEach(list, (each) => dropEmpty(changeAt(each, ['volumeMounts'], without), 'volumeMounts'));
  const plain = withoutFields(
    'spec.nodeName',
    'spec.priority',
    'spec.preemptionPolicy',
    'spec.enableServiceLinks',
  )(object);
  const unmounted = ['containers', 'initContainers'].reduce(
    (each, name) => changeAt(each, ['spec', name], containers),
    changeAt(plain, ['spec', 'volumes'], without),
  );
  const isGiven = ({ key, effect, tolerationSeconds }: JsonObject): boolean =>
    /^node\.kubernetes\.io\/(?:not-ready|unreachable)$/.test(asString(key) ?? '') &&
    effect === 'NoExecute' &&
    tolerationSeconds === 300;
  const tolerating = changeAt(unmounted, ['spec', 'tolerations'], (list) =>
    changeEach(list, (each) => (isGiven(each) ? undefined : each)),
  );
  const own = changeAt(tolerating, ['spec', 'serviceAccountName'], (name) => (name === 'default' ? undefined : name));
  return changeAt(own, ['spec'], (spec) => dropEmpty(asObject(spec), 'volumes', 'tolerations'));
};

function dropEmpty(object: JsonObject, ...fields: readonly string[]): JsonObject {
  const isEmpty = (key: string): boolean => fields.includes(key) && asArray(object[key]).length === 0;
  return Object.fromEntries(Object.entries(object).filter(([key]) => !isEmpty(key)));
}

/** A template of claims is a claim without a status, and its kind goes without saying. */
const cleanStatefulSet: Clean = (object) =>
  changeAt(object, ['spec', 'volumeClaimTemplates'], (list) =>
    changeEach(list, ({ status: _status, apiVersion: _version, kind: _kind, ...claim }) => ({
      ...claim,
      metadata: cleanMetadata(claim['metadata']),
    })),
  );

/** Tokens that the cluster once made for every account. */
const cleanAccount: Clean = (object) => {
  const { name } = asObject(object['metadata']);
  const isToken = (each: JsonObject): boolean =>
    (asString(each['name']) ?? '').startsWith(`${asString(name) ?? ''}-token-`);
  return dropEmpty(
    changeAt(object, ['secrets'], (list) => changeEach(list, (each) => (isToken(each) ? undefined : each))),
    'secrets',
  );
};

/** A claim that a provisioner served asks for no volume by its name; one that was bound by hand does. */
const cleanClaim: Clean = (object) => {
  const isServed = Object.keys(asObject(asObject(object['metadata'])['annotations'])).some((key) =>
    /^volume(?:\.beta)?\.kubernetes\.io\/storage-provisioner$/.test(key),
  );
  return isServed ? removeAt(object, ['spec', 'volumeName']) : object;
};

const byKind: Readonly<Record<string, Clean>> = {
  'v1/Namespace': withoutFields('spec'),
  'v1/Service': cleanService,
  'v1/Pod': cleanPod,
  'v1/ServiceAccount': cleanAccount,
  'v1/PersistentVolumeClaim': cleanClaim,
  'v1/PersistentVolume': withoutFields('spec.claimRef.uid', 'spec.claimRef.resourceVersion'),
  'batch/v1/Job': cleanJob,
  'apps/v1/StatefulSet': cleanStatefulSet,
};

const templateKeys: ReadonlySet<string> = new Set(['template', 'jobTemplate']);

/** Pod templates keep a null where an object has the time of its creation, and what `kubectl rollout restart` wrote. */
function cleanTemplates(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleanTemplates);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, Json][] => {
    if (each === undefined || each === null) return [];
    if (!templateKeys.has(key) || !isJsonObject(asObject(each)['metadata'])) return [[key, cleanTemplates(each)]];
    const { metadata, ...rest } = asObject(each);
    const kept = cleanMetadata(metadata);
    const cleaned = asObject(cleanTemplates(rest));
    return [[key, Object.keys(kept).length === 0 ? cleaned : { metadata: kept, ...cleaned }]];
  });
  return Object.fromEntries(entries);
}

/** Items of lists begin with their name, as people write them. */
function nameFirst(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(nameFirst);
  if (!isJsonObject(value)) return value;
  const { name, ...rest } = value;
  const entries = Object.entries(rest).map(([key, each]): [string, Json] => [key, nameFirst(each ?? null)]);
  return { ...(name === undefined ? {} : { name }), ...Object.fromEntries(entries) };
}

export interface CleanSetting {
  readonly schemas: Schemas;
  /** Of the server that the object comes from. */
  readonly minor: number;
}

/** Values of Secrets are not taken out here: Secrets are not exported. */
export function cleanObject(object: JsonObject, { schemas, minor }: CleanSetting): JsonObject {
  const { apiVersion, kind } = object;
  const clean = byKind[`${asString(apiVersion) ?? ''}/${asString(kind) ?? ''}`] ?? ((each: JsonObject) => each);
  const { status: _status, metadata, ...rest } = clean(object);
  const isBuiltIn = schemas.kindNamed(asString(apiVersion) ?? '', asString(kind) ?? '') !== undefined;
  const spec = isBuiltIn ? asObject(cleanTemplates(rest)) : rest;
  const { apiVersion: _a, kind: _k, ...fields } = stripDefaults(schemas, minor, { apiVersion, kind, ...spec });
  return { apiVersion, kind, metadata: cleanMetadata(metadata), ...asObject(nameFirst(fields)) };
}
