// A live object without what changes by itself: what two looks at it must have in common to be looks at the same thing.

import { asObject, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';

const ownMetadata = ['name', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences'];

/** Annotations that controllers write while they work, and kubectl's own copy of the object, which may hold what no record may. */
const workingAnnotations =
  /^(?:deployment\.kubernetes\.io\/|control-plane\.alpha\.kubernetes\.io\/leader$|kubectl\.kubernetes\.io\/last-applied-configuration$)/;

/** How many pods there are is anybody's to change, an autoscaler's above all. */
const scaledKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

function stableMetadata(metadata: JsonObject): JsonObject {
  const kept = ownMetadata.flatMap((key) => (metadata[key] === undefined ? [] : [[key, metadata[key]] as const]));
  const annotations = Object.entries(asObject(metadata['annotations'])).filter(
    ([key]) => !workingAnnotations.test(key),
  );
  const { annotations: _, ...rest } = Object.fromEntries(kept);
  return annotations.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(annotations) };
}

/** What somebody wants of the object: without status, what the server keeps of it, and the count of replicas. */
export function stableForm(object: JsonObject): JsonObject {
  const { status: _status, metadata, spec, ...rest } = object;
  const { replicas: _replicas, ...unscaled } = asObject(spec);
  const isScaled = typeof object['kind'] === 'string' && scaledKinds.has(object['kind']);
  return {
    ...rest,
    metadata: stableMetadata(asObject(metadata)),
    ...(spec === undefined ? {} : { spec: isScaled ? unscaled : spec }),
  };
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => sorted(item) ?? null);
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, item]) => [key, sorted(item)]));
}

/** The same text for the same object, whatever the order of its fields. */
export function stableText(object: JsonObject): string {
  return JSON.stringify(sorted(stableForm(object)));
}
