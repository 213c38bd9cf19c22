// What admission adds to a new pod: its service account with a token, tolerations, priority. Source: plugins ServiceAccount,
// DefaultTolerationSeconds and Priority of Kubernetes, tried on 1.34.

import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { changeItems, fill } from '../defaults/fill.ts';
import type { Kernel } from '../kernel.ts';
import { forbidden } from '../status-error.ts';
import { nameOf, namespaceOf, specOf } from './edit.ts';

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

function withMount(container: JsonObject, name: string): JsonObject {
  const mounts = asArray(container['volumeMounts']);
  if (mounts.some((each) => asObject(each)['mountPath'] === tokenFolder)) return container;
  return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath: tokenFolder }] };
}

const tokenPrefix = 'kube-api-access-';

/** A pod that was saved and comes back has the volume already, and where all containers mount another one it needs none. */
function withToken(kernel: Kernel, spec: JsonObject): JsonObject {
  const volumes = asArray(spec['volumes']);
  const names = volumes.map((each) => asString(asObject(each)['name']) ?? '');
  const own = names.find((each) => each.startsWith(tokenPrefix));
  const name = own ?? `${tokenPrefix}${kernel.newSuffix()}`;
  const mounted = ['initContainers', 'containers'].reduce(
    (each, list) => changeItems(each, list, (container) => withMount(container, name)),
    spec,
  );
  const containers = [...asArray(spec['initContainers']), ...asArray(spec['containers'])];
  const isNeeded = containers.some((each) => withMount(asObject(each), name) !== each);
  return own !== undefined || !isNeeded ? mounted : { ...mounted, volumes: [...volumes, tokenVolume(name)] };
}

function withAccount(kernel: Kernel, object: JsonObject, spec: JsonObject): JsonObject {
  const name = asString(spec['serviceAccountName']) ?? 'default';
  const account = kernel.store.get('/serviceaccounts', namespaceOf(object), name);
  if (account === undefined) {
    const why = `error looking up service account ${namespaceOf(object)}/${name}: serviceaccount "${name}" not found`;
    throw forbidden({ group: '', plural: 'pods' }, nameOf(object), why);
  }
  const named = { ...spec, serviceAccountName: name, serviceAccount: name };
  const secrets = fill(named, { imagePullSecrets: account['imagePullSecrets'] });
  const mounts = spec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'];
  return mounts === false ? secrets : withToken(kernel, secrets);
}

const patience = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

function withTolerations(spec: JsonObject): JsonObject {
  const given = asArray(spec['tolerations']);
  const covers = (toleration: Json, key: string): boolean => {
    const { key: own, effect } = asObject(toleration);
    return (own === undefined || own === key) && (effect === undefined || effect === 'NoExecute');
  };
  const missing = patience.filter((key) => !given.some((each) => covers(each, key)));
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return { ...spec, tolerations: [...given, ...added] };
}

const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

function withPriority(kernel: Kernel, object: JsonObject, spec: JsonObject): JsonObject {
  const name = asString(spec['priorityClassName']);
  const found = name === undefined ? undefined : kernel.store.get('scheduling.k8s.io/priorityclasses', '', name);
  const value = found?.['value'] ?? (name === undefined ? 0 : systemPriorities[name]);
  if (value === undefined)
    throw forbidden(
      { group: '', plural: 'pods' },
      nameOf(object),
      `no PriorityClass with name ${name ?? ''} was found`,
    );
  return fill(spec, { priority: value, preemptionPolicy: found?.['preemptionPolicy'] ?? 'PreemptLowerPriority' });
}

/** Best effort, burstable or guaranteed. Source: ComputePodQOS. */
function qualityOf(spec: JsonObject): string {
  const containers = [...asArray(spec['containers']), ...asArray(spec['initContainers'])].map(asObject);
  const sides = containers.map((each) => {
    const resources = asObject(each['resources']);
    return { requests: asObject(resources['requests']), limits: asObject(resources['limits']) };
  });
  const names = ['cpu', 'memory'];
  const hasAny = sides.some(({ requests, limits }) => names.some((name) => requests[name] ?? limits[name]));
  if (!hasAny) return 'BestEffort';
  const isFull = sides.every(({ requests, limits }) =>
    names.every((name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name]),
  );
  return isFull ? 'Guaranteed' : 'Burstable';
}

export function withPodAdmission(kernel: Kernel, object: JsonObject): JsonObject {
  const accounted = withAccount(kernel, object, specOf(object));
  const spec = withPriority(kernel, object, withTolerations(accounted));
  return { ...object, spec, status: { phase: 'Pending', qosClass: qualityOf(spec) } };
}
