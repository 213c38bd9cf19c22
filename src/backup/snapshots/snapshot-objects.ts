// Objects of a CSI snapshot: the one that is created, and those that a backup holds, as Velero 1.18 writes them. Pure.

import { compareQuantities, formatQuantity, parseQuantity } from '../../kube/quantities.ts';
import { asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { labelValueOf } from '../restore/label-value.ts';
import { marks, ownMarks } from './snapshot-words.ts';

/** One snapshot that is to be taken. */
export interface SnapshotToTake {
  readonly namespace: string;
  readonly claim: string;
  /** Name of the persistent volume. */
  readonly volume: string;
  readonly driver: string;
  /** Name of the VolumeSnapshotClass. */
  readonly className: string;
}

export interface SnapshotMaking {
  readonly backup: string;
  /** Where the backup goes: one that was cut off is known by it. */
  readonly store: string;
  /** Makes the object's name its own. */
  readonly suffix: string;
  /** What it holds goes into the store. */
  readonly movesData: boolean;
}

const longestName = 63;

export function withMetadata(object: JsonObject, labels: JsonObject, annotations: JsonObject): JsonObject {
  const metadata = asObject(object['metadata']);
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...asObject(metadata['labels']), ...labels },
      annotations: { ...asObject(metadata['annotations']), ...annotations },
    },
  };
}

/** The labels of its claim, so that who selects the one selects the other. */
export function newSnapshot(
  { namespace, claim, className }: SnapshotToTake,
  saved: JsonObject,
  making: SnapshotMaking,
): JsonObject {
  const { backup, store, suffix, movesData } = making;
  const start = `velero-${claim}`.slice(0, longestName - suffix.length - 1);
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: {
      name: `${start}-${suffix}`,
      namespace,
      labels: {
        ...asObject(asObject(saved['metadata'])['labels']),
        [marks.backup]: labelValueOf(backup),
        [ownMarks.label]: labelValueOf(backup),
      },
      annotations: {
        [ownMarks.backup]: backup,
        [ownMarks.store]: store,
        ...(movesData ? { [ownMarks.moves]: 'true' } : {}),
      },
    },
    spec: { source: { persistentVolumeClaimName: claim }, volumeSnapshotClassName: className },
  };
}

/** A snapshot with its content, once it can be used. */
export interface ReadySnapshot {
  readonly snapshot: JsonObject;
  readonly content: JsonObject;
  /** Both as they were read, keys in order: nanoseconds since 1970 have more digits than JavaScript keeps. */
  readonly texts: { readonly snapshot: Buffer; readonly content: Buffer };
}

/** What is known of a snapshot from its content. */
export interface SnapshotFacts {
  readonly snapshotName: string;
  readonly contentName: string;
  /** The storage system's own name of it. */
  readonly handle: string;
  readonly driver: string;
  /** Bytes. */
  readonly size: number;
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['name']) ?? '';
}

export function factsOf({ snapshot, content }: ReadySnapshot): SnapshotFacts {
  const { snapshotHandle, restoreSize } = asObject(content['status']);
  return {
    snapshotName: nameOf(snapshot),
    contentName: nameOf(content),
    handle: asString(snapshotHandle) ?? '',
    driver: asString(asObject(content['spec'])['driver']) ?? '',
    size: asNumber(restoreSize) ?? 0,
  };
}

function sizeText(bytes: number): string {
  const { nano } = parseQuantity(bytes) ?? { nano: 0n };
  return formatQuantity({ nano, format: 'BinarySI' });
}

/** A new volume must be as large as the snapshot. */
export function withSize(claim: JsonObject, size: number): JsonObject {
  const spec = asObject(claim['spec']);
  const resources = asObject(spec['resources']);
  const requests = asObject(resources['requests']);
  const asked = parseQuantity(asString(requests['storage']) ?? '0');
  const wanted = parseQuantity(sizeText(size));
  if (size === 0 || asked === undefined || wanted === undefined || compareQuantities(asked, wanted) >= 0) return claim;
  return {
    ...claim,
    spec: { ...spec, resources: { ...resources, requests: { ...requests, storage: sizeText(size) } } },
  };
}

/** The claim as the backup holds it: it names its snapshot. */
export function archivedClaim(claim: JsonObject, { snapshotName, size }: SnapshotFacts, backup: string): JsonObject {
  return withMetadata(
    withSize(claim, size),
    { [marks.snapshotOfClaim]: labelValueOf(snapshotName), [marks.backup]: labelValueOf(backup) },
    { [marks.snapshotOfClaim]: snapshotName, [marks.mustInclude]: 'true' },
  );
}

/** Our own marks are of the cluster, not of the backup. */
function withoutOwnMarks(object: JsonObject): JsonObject {
  const metadata = asObject(object['metadata']);
  const own: ReadonlySet<string> = new Set(Object.values(ownMarks));
  const without = (part: unknown): JsonObject =>
    Object.fromEntries(Object.entries(asObject(part)).filter(([key]) => !own.has(key)));
  return {
    ...object,
    metadata: { ...metadata, labels: without(metadata['labels']), annotations: without(metadata['annotations']) },
  };
}

export function archivedSnapshot(ready: ReadySnapshot): JsonObject {
  const { handle, driver, size } = factsOf(ready);
  const { deletionPolicy } = asObject(ready.content['spec']);
  return withMetadata(
    withoutOwnMarks(ready.snapshot),
    {},
    {
      [marks.handle]: handle,
      [marks.driver]: driver,
      [marks.restoreSize]: sizeText(size),
      [marks.deletionPolicy]: asString(deletionPolicy) ?? 'Delete',
      [marks.mustInclude]: 'true',
    },
  );
}

/** With the backup's name: Velero deletes with a backup only what bears it. */
export function archivedContent({ content }: ReadySnapshot, backup: string): JsonObject {
  return withMetadata(content, { [marks.backup]: labelValueOf(backup) }, {});
}

/** Velero's record of the volume. `volume`: the persistent volume as the backup holds it. */
export function snapshotInfo(toTake: SnapshotToTake, ready: ReadySnapshot, volume: JsonObject | undefined): JsonObject {
  const { contentName, handle, driver, size } = factsOf(ready);
  const { creationTime, readyToUse } = asObject(ready.snapshot['status']);
  const started = asString(creationTime);
  const { persistentVolumeReclaimPolicy } = asObject(volume?.['spec']);
  return {
    pvcName: toTake.claim,
    pvcNamespace: toTake.namespace,
    pvName: toTake.volume,
    backupMethod: 'CSISnapshot',
    snapshotDataMoved: false,
    preserveLocalSnapshot: true,
    skipped: false,
    ...(started === undefined ? {} : { startTimestamp: started, completionTimestamp: started }),
    result: 'succeeded',
    csiSnapshotInfo: {
      snapshotHandle: handle,
      size,
      driver,
      vscName: contentName,
      operationID: '',
      ReadyToUse: readyToUse === true,
    },
    pvInfo: {
      reclaimPolicy: asString(persistentVolumeReclaimPolicy) ?? 'Delete',
      labels: asObject(asObject(volume?.['metadata'])['labels']),
    },
  };
}
