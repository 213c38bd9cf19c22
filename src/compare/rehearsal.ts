// What is sent to a target for a rehearsal: the app's objects as somebody would apply them there, in an order in which they can stand.

import { podTemplatePath } from '../kube/pod-template.ts';
import { asArray, asObject, asString, type Json, type JsonObject, type KubeObject, valueAt } from '../model/index.ts';

/** One object to be tried. */
export interface Trial {
  /** The object that it is about. */
  readonly object: KubeObject;
  /** As it is sent. */
  readonly raw: JsonObject;
  /** True for a pod made from the object's template: what admits pods does not look at templates. */
  readonly isPod: boolean;
}

/** Fields of metadata that somebody wrote; the rest is the server's own. */
const ownMetadata = ['name', 'namespace', 'labels', 'annotations', 'finalizers'] as const;

/** Annotations that belong to one cluster. */
const localAnnotations =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/revision|pv\.kubernetes\.io\/|volume\.(?:beta\.)?kubernetes\.io\/)/;

function ownFields(metadata: JsonObject, namespace: string): JsonObject {
  const kept = ownMetadata.flatMap((key) => (metadata[key] === undefined ? [] : [[key, metadata[key]] as const]));
  const annotations = Object.entries(asObject(metadata['annotations'])).filter(([key]) => !localAnnotations.test(key));
  return {
    ...Object.fromEntries(kept),
    ...(annotations.length === 0 ? { annotations: undefined } : { annotations: Object.fromEntries(annotations) }),
    ...(namespace === '' ? {} : { namespace }),
  };
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** What one cluster gave an object and another would give otherwise. */
const givenFields: Readonly<Record<string, readonly string[]>> = {
  '/Service': ['clusterIP', 'clusterIPs', 'healthCheckNodePort'],
  '/PersistentVolumeClaim': ['volumeName'],
  '/Pod': ['nodeName'],
  'batch/Job': ['selector'],
};

/** `None` is a choice of the author's: the Service is headless. */
function ownSpec({ group, kind, raw }: KubeObject): JsonObject | undefined {
  const spec = raw['spec'];
  if (spec === undefined) return undefined;
  const fields = asObject(spec);
  const isHeadless = kind === 'Service' && fields['clusterIP'] === 'None';
  return isHeadless ? fields : without(fields, givenFields[`${group}/${kind}`] ?? []);
}

/** Values of Secrets are in no snapshot; another value of the same key is as good for a rehearsal. Certificates are read by the server. */
function placeholders(raw: JsonObject): JsonObject {
  const type = asString(raw['type']) ?? '';
  const isRead = type === 'kubernetes.io/dockerconfigjson' || type === 'kubernetes.io/dockercfg';
  const text = isRead ? 'e30=' : 'cGxhY2Vob2xkZXI=';
  const keys = [...Object.keys(asObject(raw['data'])), ...Object.keys(asObject(raw['stringData']))];
  const data: JsonObject = Object.fromEntries(keys.map((key): [string, Json] => [key, text]));
  return { ...without(raw, ['data', 'stringData']), data };
}

/** The object as it is sent; into `namespace` where that is given. Nothing that the source cluster wrote goes along. */
export function toTrial(object: KubeObject, namespace: string | undefined): JsonObject {
  const { raw, kind, group } = object;
  const target = object.namespace === '' ? '' : (namespace ?? object.namespace);
  const bare = without(raw, ['status']);
  const filled = kind === 'Secret' && group === '' ? placeholders(bare) : bare;
  const spec = ownSpec(object);
  return {
    ...filled,
    metadata: ownFields(asObject(raw['metadata']), target),
    ...(spec === undefined ? {} : { spec }),
  };
}

/** What admission looks up for a pod. A dry run stores nothing, so what the app brings along is not there to be found. */
const lookedUp: readonly (readonly [kind: string, isNamespaced: boolean, fields: readonly string[]])[] = [
  ['ServiceAccount', true, ['serviceAccountName', 'serviceAccount']],
  ['PriorityClass', false, ['priorityClassName', 'priority']],
  ['RuntimeClass', false, ['runtimeClassName', 'overhead']],
];

type Brings = (kind: string, namespace: string, name: string) => boolean;

function withoutOwnReferences(spec: JsonObject, namespace: string, brings: Brings): JsonObject {
  const keys = lookedUp.flatMap(([kind, isNamespaced, fields]) => {
    const name = asString(spec[fields[0] ?? '']);
    return name !== undefined && brings(kind, isNamespaced ? namespace : '', name) ? fields : [];
  });
  return without(spec, keys);
}

/** A pod as the workload's controller would make it; `undefined` for what has no template. */
function podOf(object: KubeObject, namespace: string | undefined, brings: Brings): JsonObject | undefined {
  const path = podTemplatePath(object.group, object.kind);
  if (path === undefined || path.length === 0) return undefined;
  const { metadata, spec } = asObject(valueAt(object.raw, path));
  const { labels, annotations } = asObject(metadata);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${object.name.slice(0, 40)}-rehearsal`,
      namespace: namespace ?? object.namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(spec === undefined
      ? {}
      : { spec: withClaims(object, withoutOwnReferences(asObject(spec), object.namespace, brings)) }),
  };
}

/** A StatefulSet's pods have a volume for each claim template. */
function withClaims({ raw }: KubeObject, spec: JsonObject): JsonObject {
  const templates = asArray(asObject(raw['spec'])['volumeClaimTemplates']);
  const claims = templates.map((item): Json => {
    const name = asString(asObject(asObject(item)['metadata'])['name']) ?? '';
    return { name, persistentVolumeClaim: { claimName: name } };
  });
  return claims.length === 0 ? spec : { ...spec, volumes: [...asArray(spec['volumes']), ...claims] };
}

/** What others refer to comes first, as kubectl and Helm order it. */
const order = [
  'CustomResourceDefinition',
  'Namespace',
  'PriorityClass',
  'StorageClass',
  'ServiceAccount',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ResourceQuota',
  'LimitRange',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
];

function rank({ kind }: KubeObject): number {
  const index = order.indexOf(kind);
  return index === -1 ? order.length : index;
}

/** All that is tried, in order. `namespace`: an existing one that stands in for the app's own. Pure. */
export function planRehearsal(app: readonly KubeObject[], namespace: string | undefined): Trial[] {
  const own = new Set(app.map((object) => `${object.kind}/${object.namespace}/${object.name}`));
  const brings: Brings = (kind, where, name) => own.has(`${kind}/${where}/${name}`);
  return app
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((object) => {
      const pod = podOf(object, namespace, brings);
      const itself: Trial = { object, raw: toTrial(object, namespace), isPod: false };
      return pod === undefined ? [itself] : [itself, { object, raw: pod, isPod: true }];
    });
}
