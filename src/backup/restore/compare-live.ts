// Whether what stands in the cluster is what a restore would create, and the patch that makes it so. Pure.

import { asObject, isJsonObject, isSameJson, type Json, type JsonObject, valueAt } from '../../model/index.ts';
import { changeAt, removeAt, withoutKeys } from './edit-object.ts';

/** Said by a restore, and by the API server itself. */
const ownLabels = new Set(['velero.io/backup-name', 'velero.io/restore-name', 'kubernetes.io/metadata.name']);

/** What a controller counts for itself says nothing of what somebody wanted. */
export const counters: ReadonlySet<string> = new Set([
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deprecated.daemonset.template.generation',
]);

/** What says nothing of an object's content: who wrote it, which restore, and which controllers wait for its end. */
export function bare(object: JsonObject): JsonObject {
  const withoutManagers = removeAt(
    object,
    ['metadata', 'managedFields'],
    ['metadata', 'creationTimestamp'],
    ['metadata', 'finalizers'],
    ['status'],
    ...(object['kind'] === 'Namespace' ? [['spec']] : []),
  );
  const withoutCounters = changeAt(withoutManagers, ['metadata', 'annotations'], (annotations) =>
    withoutKeys(annotations, (key) => counters.has(key)),
  );
  return changeAt(withoutCounters, ['metadata', 'labels'], (labels) =>
    withoutKeys(labels, (key) => ownLabels.has(key)),
  );
}

/** A JSON merge patch (RFC 7386) from one value to another; `undefined` where they are equal. Fields that only `from` has stay where `additive`. */
function mergePatch(from: Json | undefined, to: Json | undefined, additive: boolean): Json | undefined {
  if (isSameJson(from, to)) return undefined;
  if (!isJsonObject(from) || !isJsonObject(to)) return to;
  const changed = Object.entries(to).flatMap(([key, value]): [string, Json][] => {
    const part = mergePatch(valueAt(from, [key]), value, additive);
    return part === undefined ? [] : [[key, part]];
  });
  const gone = additive ? [] : Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  const patch = [...changed, ...gone.map((key): [string, Json] => [key, null])];
  return patch.length === 0 ? undefined : Object.fromEntries(patch);
}

function patchOf(live: JsonObject, wanted: JsonObject, additive: boolean): JsonObject | undefined {
  const patch = mergePatch(live, wanted, additive);
  return patch === undefined ? undefined : asObject(patch);
}

/**
 * What would have to change, as a merge patch; `undefined` where nothing would. `live` must have been prepared as the other was, so that only what the restore
 * decides is compared. Fields that the cluster has filled in stay.
 */
export function patchToRestore(live: JsonObject, wanted: JsonObject): JsonObject | undefined {
  return patchOf(bare(live), bare(wanted), true);
}

/**
 * As `patchToRestore`, but fields that only the live object has go: whether the cluster fills them in again, only the cluster knows. Owners that it has found
 * since stay its owners.
 */
export function exactPatch(live: JsonObject, wanted: JsonObject): JsonObject | undefined {
  return patchOf(...exactSides(live, wanted), false);
}

/** Both as they are compared. */
export function exactSides(live: JsonObject, wanted: JsonObject): [JsonObject, JsonObject] {
  const owners = asObject(wanted['metadata'])['ownerReferences'];
  const compared = owners === undefined ? removeAt(live, ['metadata', 'ownerReferences']) : live;
  return [bare(compared), bare(wanted)];
}
