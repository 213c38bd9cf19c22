// Claims and volumes: a claim gets a volume that fits, or a new one from its class; what is in use is protected.

import { compareQuantities, parseQuantity } from '../../kube/quantities.ts';
import { asArray, asObject, asString, type Json, type JsonObject, toText } from '../../model/index.ts';
import {
  compact,
  finalizersOf,
  isDeleting,
  metadataOf,
  nameOf,
  namespaceOf,
  specOf,
  statusOf,
  uidOf,
  withMetadata,
} from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { keyOfObject } from './keys.ts';
import { isActive } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const claims = '/persistentvolumeclaims';
const volumes = '/persistentvolumes';
const classes = 'storage.k8s.io/storageclasses';

function podsUsing(actor: Actor, claim: JsonObject): JsonObject[] {
  const uses = (pod: JsonObject): boolean =>
    asArray(specOf(pod)['volumes']).some(
      (each) => asObject(asObject(each)['persistentVolumeClaim'])['claimName'] === nameOf(claim),
    );
  return actor.list('/pods', namespaceOf(claim)).filter((pod) => isActive(pod) && uses(pod));
}

function sizeOf(spec: JsonObject): Json | undefined {
  return asObject(asObject(spec['resources'])['requests'])['storage'];
}

function isLargeEnough(volume: JsonObject, claim: JsonObject): boolean {
  const has = parseQuantity(toText(asObject(specOf(volume)['capacity'])['storage'] ?? '0'));
  const wants = parseQuantity(toText(sizeOf(specOf(claim)) ?? '0'));
  return has !== undefined && wants !== undefined && compareQuantities(has, wants) >= 0;
}

function fits(volume: JsonObject, claim: JsonObject): boolean {
  const [has, wants] = [specOf(volume), specOf(claim)];
  const named = asString(wants['volumeName']);
  if (named !== undefined) return named === nameOf(volume);
  const modes = asArray(has['accessModes']);
  const isSameClass = (has['storageClassName'] ?? '') === (wants['storageClassName'] ?? '');
  const isSameMode = (has['volumeMode'] ?? 'Filesystem') === (wants['volumeMode'] ?? 'Filesystem');
  return (
    isSameClass &&
    isSameMode &&
    asArray(wants['accessModes']).every((mode) => modes.includes(mode)) &&
    isLargeEnough(volume, claim)
  );
}

/** Free, or kept for this very claim. */
function isFor(volume: JsonObject, claim: JsonObject): boolean {
  if (isDeleting(volume) || statusOf(volume)['phase'] === 'Released') return false;
  const reference = asObject(specOf(volume)['claimRef']);
  if (reference['name'] === undefined) return fits(volume, claim);
  const isSame = reference['name'] === nameOf(claim) && reference['namespace'] === namespaceOf(claim);
  return isSame && (reference['uid'] ?? uidOf(claim)) === uidOf(claim);
}

function provision(actor: Actor, claim: JsonObject): JsonObject | undefined {
  const className = asString(specOf(claim)['storageClassName']) ?? '';
  const storageClass = className === '' ? undefined : actor.get(classes, '', className);
  if (storageClass === undefined || storageClass['provisioner'] === 'kubernetes.io/no-provisioner') return undefined;
  const waits = storageClass['volumeBindingMode'] === 'WaitForFirstConsumer';
  const [node] = podsUsing(actor, claim).flatMap((pod) => asString(specOf(pod)['nodeName']) ?? []);
  if (waits && node === undefined) return undefined;
  const { accessModes, volumeMode } = specOf(claim);
  return actor.create(volumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${uidOf(claim)}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': storageClass['provisioner'] },
    },
    spec: compact({
      accessModes,
      volumeMode,
      capacity: { storage: sizeOf(specOf(claim)) },
      hostPath: { path: `/var/lib/playground/${namespaceOf(claim)}/${nameOf(claim)}` },
      persistentVolumeReclaimPolicy: storageClass['reclaimPolicy'] ?? 'Delete',
      storageClassName: className,
      nodeAffinity: waits && node !== undefined ? onlyOn(node) : undefined,
    }),
  });
}

/** A class that waits for a pod makes its volumes where the pod is. */
function onlyOn(node: string): JsonObject {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return { required: { nodeSelectorTerms: [term] } };
}

function referenceTo(claim: JsonObject): JsonObject {
  return {
    kind: 'PersistentVolumeClaim',
    namespace: namespaceOf(claim),
    name: nameOf(claim),
    uid: uidOf(claim),
    apiVersion: 'v1',
  };
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  return withMetadata(object, { annotations: { ...asObject(metadataOf(object)['annotations']), ...annotations } });
}

function bind(actor: Actor, claim: JsonObject, volume: JsonObject): void {
  actor.change(volumes, volume, (each) => ({ ...each, spec: { ...specOf(each), claimRef: referenceTo(claim) } }));
  actor.setStatus(volumes, volume, { ...statusOf(volume), phase: 'Bound' });
  const marks = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' };
  actor.change(claims, claim, (each) =>
    withAnnotations({ ...each, spec: { ...specOf(each), volumeName: nameOf(volume) } }, marks),
  );
  const { accessModes, capacity } = specOf(volume);
  actor.setStatus(claims, claim, compact({ phase: 'Bound', accessModes, capacity }));
}

function withoutFinalizer(object: JsonObject, name: string): JsonObject {
  return withMetadata(object, { finalizers: finalizersOf(object).filter((each) => each !== name) });
}

function reconcileClaim(actor: Actor, claim: JsonObject): void {
  if (isDeleting(claim)) {
    if (podsUsing(actor, claim).length === 0)
      actor.change(claims, claim, (each) => withoutFinalizer(each, 'kubernetes.io/pvc-protection'));
    return;
  }
  if (statusOf(claim)['phase'] === 'Bound') return;
  const volume = actor.list(volumes).find((each) => isFor(each, claim)) ?? provision(actor, claim);
  if (volume !== undefined) bind(actor, claim, volume);
}

function release(actor: Actor, volume: JsonObject): void {
  if (specOf(volume)['persistentVolumeReclaimPolicy'] === 'Delete') actor.delete(volumes, volume);
  else actor.setStatus(volumes, volume, { ...statusOf(volume), phase: 'Released' });
}

function reconcileVolume(actor: Actor, volume: JsonObject): void {
  const reference = asObject(specOf(volume)['claimRef']);
  const claim = actor.get(claims, asString(reference['namespace']) ?? '', asString(reference['name']) ?? '');
  const isUsed = claim !== undefined && uidOf(claim) === reference['uid'];
  const phase = statusOf(volume)['phase'];
  if (isDeleting(volume)) {
    if (!isUsed) actor.change(volumes, volume, (each) => withoutFinalizer(each, 'kubernetes.io/pv-protection'));
  } else if (phase === 'Pending') actor.setStatus(volumes, volume, { ...statusOf(volume), phase: 'Available' });
  else if (phase === 'Bound' && !isUsed) release(actor, volume);
}

/** What waits for a volume, a class or a pod that has just come, and what a claim or a pod that has gone leaves behind. */
function keysFor(actor: Actor, resource: string, object: JsonObject): string[] {
  const pending = (): string[] =>
    actor
      .list(claims)
      .filter((each) => statusOf(each)['phase'] !== 'Bound' || isDeleting(each))
      .map((each) => `claim ${keyOfObject(each)}`);
  switch (resource) {
    case claims: {
      const volume = asString(specOf(object)['volumeName']);
      return [`claim ${keyOfObject(object)}`, ...(volume === undefined ? [] : [`volume ${volume}`])];
    }
    case volumes:
      return [`volume ${nameOf(object)}`, ...pending()];
    case classes:
    case '/pods':
      return pending();
    default:
      return [];
  }
}

export const claimsAndVolumes: Controller = {
  name: 'volumes',
  keysFor: (actor, { resource, object }) => keysFor(actor, resource, object),
  reconcile: (actor, key) => {
    const [kind, place = ''] = key.split(' ');
    const resource = kind === 'claim' ? claims : volumes;
    const object = actor.find(resource, place);
    if (object === undefined) return;
    if (resource === claims) reconcileClaim(actor, object);
    else reconcileVolume(actor, object);
  },
};
