// From an object as it was saved to the one that is created: what only the old cluster knew goes, what the restore decides comes in. Pure.

import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { changeAt } from './edit-object.ts';
import { labelValueOf } from './label-value.ts';
import { actOnKind, type KindContext, type Prepared } from './kind-actions.ts';

export interface PrepareContext extends KindContext {
  readonly backup: string;
  readonly restore: string;
  /** The new identity of an owner by its old one; `undefined` where it does not come back, or not yet. */
  readonly newUid: (old: string) => string | undefined;
  readonly keepsStatus: (groupResource: string, object: JsonObject) => boolean;
}

/** Source: Velero 1.18, what a restore strips; managedFields, labels, annotations and finalizers stay. */
const goneMetadata: ReadonlySet<string> = new Set([
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
]);

/** Velero never restores these. Source: Velero 1.18, non-restorable resources. */
const neverRestored: ReadonlySet<string> = new Set([
  'nodes',
  'events',
  'events.events.k8s.io',
  'backups.velero.io',
  'restores.velero.io',
  'resticrepositories.velero.io',
  'backuprepositories.velero.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  // What holds the data of a volume is read from the backup, and is nothing in the cluster.
  'datauploads.velero.io',
]);

export function isRestorable(groupResource: string): boolean {
  return !neverRestored.has(groupResource);
}

/** Controllers that take orphans with matching labels as their own: their children are created without an owner, and adopted. */
const adopting: ReadonlySet<string> = new Set([
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicationController',
]);

/** Owners that nobody adopts for: their references are kept, with the owners' new identities. */
export function lastingOwners(object: JsonObject): readonly JsonObject[] {
  const owners = asArray(asObject(object['metadata'])['ownerReferences']).map(asObject);
  return owners.filter(({ kind, controller }) => !(controller === true && adopting.has(asString(kind) ?? '')));
}

function ownersOf(object: JsonObject, newUid: PrepareContext['newUid']): JsonObject {
  const kept = lastingOwners(object).flatMap((owner): Json[] => {
    const uid = newUid(asString(owner['uid']) ?? '');
    return uid === undefined ? [] : [{ ...owner, uid }];
  });
  return kept.length === 0 ? {} : { ownerReferences: kept };
}

function restoreLabels({ backup, restore }: PrepareContext): JsonObject {
  return { 'velero.io/backup-name': labelValueOf(backup), 'velero.io/restore-name': labelValueOf(restore) };
}

/** Addresses that a controller works out from a Service; others were written by somebody. */
function isWorkedOut(groupResource: string, { labels, annotations }: JsonObject): boolean {
  if (groupResource === 'endpointslices.discovery.k8s.io')
    return (asString(asObject(labels)['endpointslice.kubernetes.io/managed-by']) ?? '').includes('controller');
  if (groupResource !== 'endpoints') return false;
  const isManaged = asObject(labels)['endpoints.kubernetes.io/managed-by'] !== undefined;
  return isManaged || asObject(annotations)['endpoints.kubernetes.io/last-change-trigger-time'] !== undefined;
}

/** It does not run again. */
export function isEnded(pod: JsonObject): boolean {
  const { phase } = asObject(pod['status']);
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Why an object is not restored whatever its kind's action says. */
function obstacle(groupResource: string, object: JsonObject): string | undefined {
  const metadata = asObject(object['metadata']);
  const { annotations } = metadata;
  const { completionTime } = asObject(object['status']);
  if (groupResource === 'pods') {
    if (isEnded(object)) return 'the pod had ended';
    if (asObject(annotations)['kubernetes.io/config.mirror'] !== undefined) return 'a node makes it by itself';
  }
  if (isWorkedOut(groupResource, metadata)) return 'a controller works it out from its Service';
  return groupResource === 'jobs.batch' && completionTime !== undefined ? 'the job had ended' : undefined;
}

function withMetadata(object: JsonObject, context: PrepareContext): JsonObject {
  const metadata = Object.fromEntries(
    Object.entries(asObject(object['metadata'])).filter(([key]) => !goneMetadata.has(key)),
  );
  const { namespace, labels } = metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(typeof namespace === 'string' ? { namespace: context.mapNamespace(namespace) } : {}),
      labels: { ...asObject(labels), ...restoreLabels(context) },
      ...ownersOf(object, context.newUid),
    },
  };
}

function mapOwnNamespace(groupResource: string, object: JsonObject, { mapNamespace }: PrepareContext): JsonObject {
  if (groupResource !== 'namespaces') return object;
  const named = changeAt(object, ['metadata', 'name'], (name) => mapNamespace(asString(name) ?? ''));
  const name = asObject(named['metadata'])['name'];
  const label = 'kubernetes.io/metadata.name';
  return changeAt(named, ['metadata', 'labels'], (labels) =>
    asObject(labels)[label] === undefined ? labels : { ...asObject(labels), [label]: name },
  );
}

/** The object to create, or why there is none. */
export function prepareObject(groupResource: string, saved: JsonObject, context: PrepareContext): Prepared {
  const why = obstacle(groupResource, saved);
  if (why !== undefined) return { skip: why };
  const acted = actOnKind(groupResource, saved, context);
  if ('skip' in acted) return acted;
  const { status, ...rest } = mapOwnNamespace(groupResource, withMetadata(acted.object, context), context);
  return { object: status !== undefined && context.keepsStatus(groupResource, saved) ? { ...rest, status } : rest };
}
