// What must change in an object of each kind before it can be created anew, as Velero 1.18 changes it: pure.

import { asArray, asObject, asString, type Json, type JsonObject, toText } from '../../model/index.ts';
import {
  restoreClaimSource,
  restoreContent,
  restoreSnapshot,
  type RestoringSnapshots,
} from '../snapshots/restore-objects.ts';
import { contentResource, snapshotResource } from '../snapshots/snapshot-words.ts';
import { changeAt, changeEach, removeAt, withoutKeys } from './edit-object.ts';

export interface KindContext {
  /** Where objects of a namespace go. */
  readonly mapNamespace: (namespace: string) => string;
  readonly preserveNodePorts: boolean;
  /** Storage classes by their old names. */
  readonly storageClasses: ReadonlyMap<string, string>;
  /** Parts of image names, and what stands in their place. */
  readonly images: readonly (readonly [from: string, to: string])[];
  /** Whether the backup holds this account: `namespace/name`. */
  readonly hasAccount: (account: string) => boolean;
  /** Whether the data of this claim come out of the backup: `namespace/name` as it was saved. */
  readonly hasData?: (claim: string) => boolean;
  /** Where claims come back from snapshots; left out, none does. */
  readonly snapshots?: RestoringSnapshots | undefined;
}

/** The object as it will be created, or why it is left out. */
export type Prepared = { readonly object: JsonObject } | { readonly skip: string };

type Action = (object: JsonObject, context: KindContext) => JsonObject | { readonly skip: string };

function isSkip(value: JsonObject | { readonly skip: string }): value is { readonly skip: string } {
  return Object.keys(value).length === 1 && typeof value['skip'] === 'string';
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['name']) ?? '';
}

function namespaceOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['namespace']) ?? '';
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function parseApplied(object: JsonObject): JsonObject {
  const text = asString(asObject(asObject(object['metadata'])['annotations'])[lastApplied]);
  try {
    return asObject(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

/** Ports whose number somebody wrote: in the applied text, or in a field that a manager owns. A name, or the number of one without a name. */
function writtenNodePorts(object: JsonObject): ReadonlySet<string> {
  const applied = asArray(asObject(parseApplied(object)['spec'])['ports']).flatMap((each) => {
    const { name, port, nodePort } = asObject(each);
    return typeof nodePort === 'number' && nodePort > 0 ? [toText(name ?? port)] : [];
  });
  const owned = asArray(asObject(object['metadata'])['managedFields']).flatMap((entry) =>
    ownedPorts(asObject(asObject(asObject(asObject(entry)['fieldsV1'])['f:spec'])['f:ports'])),
  );
  const byNumber = new Map(
    asArray(asObject(object['spec'])['ports']).map((each) => {
      const { name, port } = asObject(each);
      return [toText(port), toText(name ?? port)];
    }),
  );
  return new Set([...applied, ...owned.flatMap((number) => byNumber.get(number) ?? [])]);
}

/** Keys of managed ports look like `k:{"port":80,"protocol":"TCP"}`. */
function ownedPorts(ports: JsonObject): string[] {
  return Object.entries(ports).flatMap(([key, fields]) => {
    const [, number] = /^k:\{.*"port":(\d+)/.exec(key) ?? [];
    return number !== undefined && Object.hasOwn(asObject(fields), 'f:nodePort') ? [number] : [];
  });
}

/** By somebody, in the applied text or as a field that a manager owns. */
function isHealthPortWritten(object: JsonObject): boolean {
  if (typeof asObject(parseApplied(object)['spec'])['healthCheckNodePort'] === 'number') return true;
  return asArray(asObject(object['metadata'])['managedFields']).some((entry) =>
    Object.hasOwn(asObject(asObject(asObject(entry)['fieldsV1'])['f:spec']), 'f:healthCheckNodePort'),
  );
}

/** Without what only the old cluster gave it: addresses, and node ports that nobody wrote. */
export function restoreService(
  object: JsonObject,
  { preserveNodePorts }: Pick<KindContext, 'preserveNodePorts'>,
): JsonObject {
  const { type, clusterIP } = asObject(object['spec']);
  if (type === 'ExternalName') return object;
  const addressed = clusterIP === 'None' ? object : removeAt(object, ['spec', 'clusterIP'], ['spec', 'clusterIPs']);
  if (preserveNodePorts) return addressed;
  const written = writtenNodePorts(object);
  const withPorts = changeAt(addressed, ['spec', 'ports'], (ports) =>
    changeEach(ports, (port) =>
      written.has(toText(port['name'] ?? port['port'])) ? port : removeAt(port, ['nodePort']),
    ),
  );
  return isHealthPortWritten(object) ? withPorts : removeAt(withPorts, ['spec', 'healthCheckNodePort']);
}

const waitingContainers = new Set(['restore-wait', 'restic-wait']);

function restorePod(object: JsonObject): JsonObject {
  const account = asString(asObject(object['spec'])['serviceAccountName']) ?? 'default';
  const isToken = (name: Json | undefined): boolean => typeof name === 'string' && name.startsWith(`${account}-token-`);
  const keepMounts = (container: JsonObject): JsonObject =>
    changeAt(container, ['volumeMounts'], (mounts) =>
      changeEach(mounts, (mount) => (isToken(mount['name']) ? undefined : mount)),
    );
  const bare = removeAt(object, ['spec', 'nodeName'], ['spec', 'priority']);
  const withoutVolumes = changeAt(bare, ['spec', 'volumes'], (volumes) =>
    changeEach(volumes, (volume) => (isToken(volume['name']) ? undefined : volume)),
  );
  const withContainers = changeAt(withoutVolumes, ['spec', 'containers'], (all) => changeEach(all, keepMounts));
  return changeAt(withContainers, ['spec', 'initContainers'], (all) =>
    changeEach(all, (each) => (waitingContainers.has(asString(each['name']) ?? '') ? undefined : keepMounts(each))),
  );
}

const controllerLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

function restoreJob(object: JsonObject): JsonObject {
  const isOld = (key: string): boolean => controllerLabels.includes(key);
  const selected = changeAt(object, ['spec', 'selector', 'matchLabels'], (labels) => withoutKeys(labels, isOld));
  const cleared = changeAt(selected, ['spec', 'selector'], (selector) =>
    Object.keys(asObject(selector)).length === 0 ? undefined : selector,
  );
  return changeAt(cleared, ['spec', 'template', 'metadata', 'labels'], (labels) => withoutKeys(labels, isOld));
}

const tokenType = 'kubernetes.io/service-account-token';
/** A controller fills them in, each for where it is. */
const tokenData: ReadonlySet<string> = new Set(['token', 'ca.crt', 'namespace']);
const accountUid = 'kubernetes.io/service-account.uid';

function restoreSecret(object: JsonObject, { hasAccount }: KindContext): JsonObject | { readonly skip: string } {
  if (object['type'] !== tokenType) return object;
  const account =
    asString(asObject(asObject(object['metadata'])['annotations'])['kubernetes.io/service-account.name']) ?? '';
  if (nameOf(object).startsWith(`${account}-token-`) && hasAccount(`${namespaceOf(object)}/${account}`))
    return { skip: 'the account gets a token of its own' };
  const withoutToken = changeAt(object, ['data'], (data) => withoutKeys(data, (key) => tokenData.has(key)));
  return changeAt(withoutToken, ['metadata', 'annotations'], (all) => withoutKeys(all, (key) => key === accountUid));
}

function restoreAccount(object: JsonObject): JsonObject {
  const own = `${nameOf(object)}-token-`;
  return changeAt(object, ['secrets'], (secrets) =>
    changeEach(secrets, (secret) => ((asString(secret['name']) ?? '').startsWith(own) ? undefined : secret)),
  );
}

const claimAnnotations: ReadonlySet<string> = new Set([
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/selected-node',
  'velero.io/data-upload-name',
]);

function mapClass(object: JsonObject, { storageClasses }: KindContext): JsonObject {
  return changeAt(object, ['spec', 'storageClassName'], (name) => storageClasses.get(asString(name) ?? '') ?? name);
}

/** The volume is made anew: without its name the claim waits for none that does not come back. */
function restoreClaim(object: JsonObject, context: KindContext): JsonObject {
  const filled = restoreClaimSource(object, context.snapshots);
  const bare = changeAt(filled, ['metadata', 'annotations'], (all) =>
    withoutKeys(all, (key) => claimAnnotations.has(key)),
  );
  return mapClass(removeAt(bare, ['spec', 'volumeName']), context);
}

/** A volume that is kept when its claim goes holds its data still, and is bound again; any other, and one whose data the backup brings, is made anew by its class. */
function restoreVolume(object: JsonObject, context: KindContext): JsonObject | { readonly skip: string } {
  const { persistentVolumeReclaimPolicy, claimRef } = asObject(object['spec']);
  const { namespace = '', name = '' } = asObject(claimRef);
  const claim = [asString(namespace) ?? '', asString(name) ?? ''] as const;
  if (context.hasData?.(claim.join('/')) === true || context.snapshots?.isFilled(...claim) === true)
    return { skip: 'its data come back into a new one' };
  if (persistentVolumeReclaimPolicy !== 'Retain') return { skip: 'its class makes a new one for the claim' };
  const bare = removeAt(object, ['spec', 'claimRef', 'uid'], ['spec', 'claimRef', 'resourceVersion']);
  const claimed = changeAt(bare, ['spec', 'claimRef', 'namespace'], (name) =>
    context.mapNamespace(asString(name) ?? ''),
  );
  return mapClass(claimed, context);
}

function restoreBinding(object: JsonObject, { mapNamespace }: KindContext): JsonObject {
  return changeAt(object, ['subjects'], (subjects) =>
    changeEach(subjects, (subject) =>
      typeof subject['namespace'] === 'string'
        ? { ...subject, namespace: mapNamespace(subject['namespace']) }
        : subject,
    ),
  );
}

function restoreWebhooks(object: JsonObject): JsonObject {
  return changeAt(object, ['webhooks'], (webhooks) =>
    changeEach(webhooks, (webhook) =>
      webhook['sideEffects'] === 'None' || webhook['sideEffects'] === 'NoneOnDryRun'
        ? webhook
        : { ...webhook, sideEffects: 'None' },
    ),
  );
}

function restoreApiService(object: JsonObject): JsonObject | { readonly skip: string } {
  const labels = asObject(asObject(object['metadata'])['labels']);
  return labels['kube-aggregator.kubernetes.io/automanaged'] === undefined
    ? object
    : { skip: 'the API server makes it by itself' };
}

function restoreDefinition(object: JsonObject): JsonObject {
  if (asObject(object['spec'])['preserveUnknownFields'] !== true) return object;
  const strict = changeAt(object, ['spec', 'preserveUnknownFields'], () => false);
  return changeAt(strict, ['spec', 'versions'], (versions) =>
    changeEach(versions, (version) =>
      changeAt(version, ['schema', 'openAPIV3Schema'], (schema) => ({
        ...asObject(schema),
        'x-kubernetes-preserve-unknown-fields': true,
      })),
    ),
  );
}

/** Pod templates by their place in objects of each kind. */
const templates: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec'],
  'deployments.apps': ['spec', 'template', 'spec'],
  'statefulsets.apps': ['spec', 'template', 'spec'],
  'daemonsets.apps': ['spec', 'template', 'spec'],
  'replicasets.apps': ['spec', 'template', 'spec'],
  replicationcontrollers: ['spec', 'template', 'spec'],
  'jobs.batch': ['spec', 'template', 'spec'],
  'cronjobs.batch': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

function mapImages(object: JsonObject, path: readonly string[], images: KindContext['images']): JsonObject {
  if (images.length === 0) return object;
  const map = (image: Json | undefined): Json | undefined =>
    typeof image === 'string' ? images.reduce((each, [from, to]) => each.replace(from, to), image) : image;
  const mapList = (list: Json | undefined): Json | undefined =>
    changeEach(list, (container) => changeAt(container, ['image'], map));
  return changeAt(changeAt(object, [...path, 'containers'], mapList), [...path, 'initContainers'], mapList);
}

function restoreStatefulSet(object: JsonObject, context: KindContext): JsonObject {
  return changeAt(object, ['spec', 'volumeClaimTemplates'], (claims) =>
    changeEach(claims, (claim) => mapClass(claim, context)),
  );
}

const actions: Readonly<Record<string, Action>> = {
  services: restoreService,
  pods: restorePod,
  'jobs.batch': restoreJob,
  secrets: restoreSecret,
  serviceaccounts: restoreAccount,
  persistentvolumeclaims: restoreClaim,
  persistentvolumes: restoreVolume,
  [snapshotResource]: (object, { snapshots }) => restoreSnapshot(object, snapshots),
  [contentResource]: (object, { snapshots }) => restoreContent(object, snapshots),
  'rolebindings.rbac.authorization.k8s.io': restoreBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': restoreBinding,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': restoreWebhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': restoreWebhooks,
  'apiservices.apiregistration.k8s.io': restoreApiService,
  'customresourcedefinitions.apiextensions.k8s.io': restoreDefinition,
  'statefulsets.apps': restoreStatefulSet,
};

/** The object of a kind as it can be created anew. */
export function actOnKind(groupResource: string, object: JsonObject, context: KindContext): Prepared {
  const changed = actions[groupResource]?.(object, context) ?? object;
  if (isSkip(changed)) return changed;
  const template = templates[groupResource];
  return { object: template === undefined ? changed : mapImages(changed, template, context.images) };
}
