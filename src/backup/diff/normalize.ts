// What of an object counts when two looks at it are compared: what somebody wrote, and not what a cluster notes about it. Pure.

import { asArray, asObject, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';

/** Kinds that a cluster writes all the time by itself. */
const noisyResources: ReadonlySet<string> = new Set([
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
]);

const notedMetadata: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** Counters of controllers, and kubectl's copy of the object, which says everything twice. */
const notedAnnotations =
  /^(?:deployment\.kubernetes\.io\/|control-plane\.alpha\.kubernetes\.io\/leader$|kubectl\.kubernetes\.io\/last-applied-configuration$)/;

/** A restore, ours or Velero's, says with them what it has made. */
const restoreLabels: ReadonlySet<string> = new Set(['velero.io/backup-name', 'velero.io/restore-name']);

/** True for objects that come and go without anybody's doing: those of noisy kinds, and those that a controller keeps. */
export function isNoise(groupResource: string, object: JsonObject): boolean {
  if (noisyResources.has(groupResource)) return true;
  return asArray(asObject(object['metadata'])['ownerReferences']).some(
    (owner) => asObject(owner)['controller'] === true,
  );
}

function without(object: JsonObject, isGone: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !isGone(key)));
}

function withoutIdentity(reference: Json): Json {
  return isJsonObject(reference) ? without(reference, (key) => key === 'uid' || key === 'resourceVersion') : reference;
}

function normalizeMetadata(metadata: JsonObject): JsonObject {
  const kept: Record<string, Json | undefined> = { ...without(metadata, (key) => notedMetadata.has(key)) };
  const annotations = without(asObject(metadata['annotations']), (key) => notedAnnotations.test(key));
  if (Object.keys(annotations).length > 0) kept['annotations'] = annotations;
  else delete kept['annotations'];
  const labels = without(asObject(metadata['labels']), (key) => restoreLabels.has(key));
  if (Object.keys(labels).length > 0) kept['labels'] = labels;
  else delete kept['labels'];
  if (Array.isArray(kept['ownerReferences']))
    kept['ownerReferences'] = asArray(kept['ownerReferences']).map(withoutIdentity);
  return kept;
}

function normalizeSpec(spec: JsonObject): JsonObject {
  return spec['claimRef'] === undefined ? spec : { ...spec, claimRef: withoutIdentity(spec['claimRef'] ?? null) };
}

/** The status only where it was asked for. */
export function normalizeObject(object: JsonObject, keepStatus: boolean): JsonObject {
  const { status, ...rest } = object;
  return {
    ...rest,
    metadata: normalizeMetadata(asObject(object['metadata'])),
    ...(isJsonObject(object['spec']) ? { spec: normalizeSpec(object['spec']) } : {}),
    ...(keepStatus && status !== undefined ? { status } : {}),
  };
}
