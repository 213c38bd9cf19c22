// Fills a playground: what every cluster has, then what the caller gives, in an order in which it can be made.

import { parseApiVersion } from '../kube/api-version.ts';
import { asArray, asObject, asString, type JsonObject, toText } from '../model/index.ts';
import { timestamp } from './clock.ts';
import type { Kernel, Write } from './kernel.ts';
import { createObject } from './objects/create.ts';
import { compact, metadataOf, nameOf, namespaceOf, ownersOf, uidOf, withMetadata } from './objects/edit.ts';
import { findNamespace } from './objects/namespaces.ts';
import type { Endpoint } from './resources/resource.ts';

const write: Write = {
  user: { name: 'system:playground', groups: ['system:masters'] },
  dryRun: false,
  fieldManager: 'playground',
  fieldValidation: 'Ignore',
  warnings: [],
};

/** Kinds that others need to be there first. */
const order = [
  'Namespace',
  'CustomResourceDefinition',
  'StorageClass',
  'PriorityClass',
  'Node',
  'ServiceAccount',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Secret',
  'ConfigMap',
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicaSet',
  'Pod',
];

function rankOf(object: JsonObject): number {
  const rank = order.indexOf(asString(object['kind']) ?? '');
  return rank === -1 ? order.length - 1 : rank;
}

/** Lists, as kubectl prints them, are taken apart. */
export function flattenLists(objects: readonly JsonObject[]): JsonObject[] {
  return objects.flatMap((each) =>
    each['kind'] === 'List' ? flattenLists(asArray(each['items']).map(asObject)) : [each],
  );
}

function endpointFor({ registry }: Kernel, object: JsonObject): Endpoint {
  const { group, version } = parseApiVersion(asString(object['apiVersion']) ?? '');
  const resource = registry.findKind(group, asString(object['kind']) ?? '');
  const served = resource?.versions.find((each) => each.version === version);
  if (resource === undefined || served === undefined)
    throw new Error(`the playground does not serve "${toText(object['kind'])}" of "${toText(object['apiVersion'])}"`);
  return { resource, version: served };
}

/** Owners are found again by their names: every object gets a new uid. One that is not there is forgotten. */
function withLivingOwners(kernel: Kernel, object: JsonObject): JsonObject {
  const owners = ownersOf(object).flatMap((owner) => {
    const { group } = parseApiVersion(asString(owner['apiVersion']) ?? '');
    const resource = kernel.registry.findKind(group, asString(owner['kind']) ?? '');
    if (resource === undefined) return [];
    const found = kernel.store.get(
      resource.key,
      resource.namespaced ? namespaceOf(object) : '',
      asString(owner['name']) ?? '',
    );
    return found === undefined ? [] : [{ ...owner, uid: uidOf(found) }];
  });
  return withMetadata(object, { ownerReferences: owners.length === 0 ? undefined : owners });
}

/** What only a server writes is written anew. */
function asNew(object: JsonObject, namespace: string): JsonObject {
  const { labels, annotations, finalizers, ownerReferences, name, generateName } = metadataOf(object);
  return {
    ...object,
    metadata: compact({
      name,
      generateName,
      namespace: namespace === '' ? undefined : namespace,
      labels,
      annotations,
      finalizers,
      ownerReferences,
    }),
  };
}

/** A namespace that the objects name and nobody defines, as `kubectl create namespace` would make it. */
function requireSeedNamespace(kernel: Kernel, namespace: string): void {
  if (namespace !== '' && findNamespace(kernel, namespace) === undefined)
    seedObject(kernel, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
}

/** Accounts come a moment after their namespace; a pod that is seeded needs its account at once. */
function requireAccount(kernel: Kernel, object: JsonObject, namespace: string): void {
  if (object['kind'] !== 'Pod') return;
  const name = asString(asObject(object['spec'])['serviceAccountName']) ?? 'default';
  if (kernel.store.get('/serviceaccounts', namespace, name) === undefined)
    seedObject(kernel, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
}

function seedObject(kernel: Kernel, raw: JsonObject): void {
  const endpoint = endpointFor(kernel, raw);
  const { resource } = endpoint;
  const namespace = resource.namespaced ? namespaceOf(raw) || 'default' : '';
  if (kernel.store.get(resource.key, namespace, nameOf(raw)) !== undefined) return;
  requireSeedNamespace(kernel, namespace);
  requireAccount(kernel, raw, namespace);
  const object = withLivingOwners(kernel, asNew(raw, namespace));
  const target = { endpoint, namespace, name: '', subresource: '' };
  const made = createObject(kernel, target, write, { raw: object, hasOwners: false });
  // A status that is given stands, as that of a pod in trouble does: controllers go on from there.
  if (raw['status'] !== undefined)
    kernel.store.put(resource.key, { ...made, status: { ...asObject(made['status']), ...asObject(raw['status']) } });
  if (resource.kind === 'CustomResourceDefinition') establishNow(kernel, made);
}

/** Custom objects may follow their definition in the same seed. */
function establishNow({ store, clock }: Kernel, definition: JsonObject): void {
  const lastTransitionTime = timestamp(clock);
  const facts = [
    ['NamesAccepted', 'NoConflicts', 'no conflicts found'],
    ['Established', 'InitialNamesAccepted', 'the initial names have been accepted'],
  ];
  const conditions = facts.map(([type = '', reason = '', message = '']) => ({
    type,
    status: 'True',
    lastTransitionTime,
    reason,
    message,
  }));
  store.put('apiextensions.k8s.io/customresourcedefinitions', {
    ...definition,
    status: { ...asObject(definition['status']), conditions },
  });
}

/** Makes all objects; those that are there already are left alone. Throws for one that the API would refuse. */
export function seedObjects(kernel: Kernel, objects: readonly JsonObject[]): void {
  for (const each of flattenLists(objects).toSorted((a, b) => rankOf(a) - rankOf(b))) seedObject(kernel, each);
}

const capacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };

export function defaultNode(minor: number): JsonObject {
  const name = 'playground';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'beta.kubernetes.io/arch': 'amd64',
      },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address: '192.0.2.10' },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      ],
      nodeInfo: {
        kubeletVersion: `v1.${minor}.0`,
        kubeProxyVersion: `v1.${minor}.0`,
        operatingSystem: 'linux',
        architecture: 'amd64',
        osImage: 'nowwhat playground',
        kernelVersion: '0',
        containerRuntimeVersion: 'playground://0',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  };
}

/** What a cluster has before anybody comes: namespaces, a storage class, the API's own Service. */
export const defaultObjects: readonly JsonObject[] = [
  ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  })),
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'nowwhat.dev/playground',
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  },
];
