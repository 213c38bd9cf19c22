// What Velero itself would have written of a volume that was saved: its `PodVolumeBackup` and its record in the list of volumes. Pure. Source: Velero 1.18.

import * as z from 'zod';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { labelValueOf } from '../restore/label-value.ts';
import type { VolumeToSave } from './choose-volumes.ts';
import type { Snapshot } from './kopia.ts';

const claimAnnotation = 'velero.io/pvc-name';

export interface SavedFacts {
  readonly backup: string;
  readonly veleroNamespace: string;
  readonly storageLocation: string;
  readonly volume: VolumeToSave;
  readonly snapshot: Snapshot;
  /** Makes the object's name its own. */
  readonly suffix: string;
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
}

/** Seconds only, as metav1.Time has it. */
function veleroTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

function claimOf({ source }: VolumeToSave): { readonly claim: string; readonly claimUid: string } | undefined {
  return source.kind === 'claim' ? source : undefined;
}

function metadataOf({ backup, veleroNamespace, volume, suffix, started }: SavedFacts): JsonObject {
  const claim = claimOf(volume);
  return {
    name: `${backup}-${suffix}`,
    namespace: veleroNamespace,
    labels: {
      'velero.io/backup-name': labelValueOf(backup),
      'velero.io/backup-uid': '',
      ...(claim === undefined ? {} : { 'velero.io/pvc-uid': claim.claimUid }),
    },
    ...(claim === undefined ? {} : { annotations: { [claimAnnotation]: claim.claim } }),
    ownerReferences: [{ apiVersion: 'velero.io/v1', kind: 'Backup', name: backup, uid: '', controller: true }],
    creationTimestamp: veleroTime(started),
  };
}

export function podVolumeBackup(facts: SavedFacts): JsonObject {
  const { backup, volume, snapshot, storageLocation, started, completed } = facts;
  const { namespace, pod, podUid, node, name } = volume;
  const claim = claimOf(volume);
  const tags = { backup, 'backup-uid': '', pod, 'pod-uid': podUid, ns: namespace, volume: name };
  return {
    kind: 'PodVolumeBackup',
    apiVersion: 'velero.io/v1',
    metadata: metadataOf(facts),
    spec: {
      node,
      pod: { kind: 'Pod', namespace, name: pod, uid: podUid },
      volume: name,
      backupStorageLocation: storageLocation,
      repoIdentifier: '',
      uploaderType: 'kopia',
      tags: { ...tags, ...(claim === undefined ? {} : { 'pvc-uid': claim.claimUid }) },
    },
    status: {
      phase: 'Completed',
      path: `/host_pods/${podUid}/volumes/${name}`,
      snapshotID: snapshot.id,
      startTimestamp: veleroTime(started),
      completionTimestamp: veleroTime(completed),
      progress: { totalBytes: snapshot.bytes, bytesDone: snapshot.bytes },
    },
  };
}

/** `volume`: the persistent volume as the backup holds it. */
export function volumeInfo(facts: SavedFacts, volume: JsonObject | undefined): JsonObject {
  const { snapshot, started, completed } = facts;
  const { namespace, pod, node, name, source } = facts.volume;
  const { persistentVolumeReclaimPolicy } = asObject(volume?.['spec']);
  const { labels } = asObject(volume?.['metadata']);
  return {
    pvcName: source.kind === 'claim' ? source.claim : '',
    pvcNamespace: source.kind === 'claim' ? namespace : '',
    pvName: source.kind === 'claim' ? source.volume : '',
    backupMethod: 'PodVolumeBackup',
    snapshotDataMoved: false,
    preserveLocalSnapshot: false,
    skipped: false,
    startTimestamp: veleroTime(started),
    completionTimestamp: veleroTime(completed),
    result: 'succeeded',
    pvbInfo: {
      snapshotHandle: snapshot.id,
      size: snapshot.bytes,
      uploaderType: 'kopia',
      volumeName: name,
      podName: pod,
      podNamespace: namespace,
      nodeName: node,
      Phase: 'Completed',
    },
    ...(volume === undefined
      ? {}
      : { pvInfo: { reclaimPolicy: asString(persistentVolumeReclaimPolicy) ?? 'Delete', labels: asObject(labels) } }),
  };
}

const recordSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }),
  spec: z.looseObject({
    node: z.string().nullish(),
    pod: z.looseObject({ namespace: z.string(), name: z.string() }),
    volume: z.string(),
    uploaderType: z.string().nullish(),
  }),
  status: z.looseObject({
    phase: z.string().nullish(),
    snapshotID: z.string().nullish(),
    message: z.string().nullish(),
    progress: z.looseObject({ totalBytes: z.number().nullish() }).nullish(),
  }),
});

/** A volume that a backup holds, ours or Velero's. */
export interface VolumeRecord {
  readonly namespace: string;
  readonly pod: string;
  readonly name: string;
  readonly node: string;
  readonly claim: string | undefined;
  readonly hostPath: string | undefined;
  /** '' where there is none: the volume was empty, or was not saved. */
  readonly snapshot: string;
  readonly bytes: number;
  /** Why there is nothing to bring back, or why we cannot. */
  readonly trouble: string | undefined;
}

function troubleOf({ spec, status }: z.infer<typeof recordSchema>): string | undefined {
  const type = spec.uploaderType ?? 'restic';
  if (type !== 'kopia') return `it was saved with ${type}, which is not read here`;
  if (status.phase !== 'Completed')
    return `it is ${status.phase ?? 'unfinished'}: ${status.message ?? 'nothing is said why'}`;
  return (status.snapshotID ?? '') === '' ? 'it was empty when it was saved' : undefined;
}

/** `undefined` for what is no `PodVolumeBackup`. */
export function parseRecord(value: unknown): VolumeRecord | undefined {
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { metadata, spec, status } = parsed.data;
  return {
    namespace: spec.pod.namespace,
    pod: spec.pod.name,
    name: spec.volume,
    node: spec.node ?? '',
    claim: metadata.annotations?.[claimAnnotation],
    hostPath: undefined,
    snapshot: status.snapshotID ?? '',
    bytes: status.progress?.totalBytes ?? 0,
    trouble: troubleOf(parsed.data),
  };
}

const movedSchema = z.looseObject({
  pvcNamespace: z.string(),
  pvcName: z.string(),
  snapshotDataMoved: z.literal(true),
  snapshotDataMovementInfo: z.looseObject({
    dataMover: z.string().nullish(),
    uploaderType: z.string().default('kopia'),
    snapshotHandle: z.string().default(''),
    size: z.number().nullish(),
    Phase: z.string().default('nothing is said why'),
  }),
});

function troubleOfMoved({ dataMover, uploaderType, snapshotHandle, Phase }: Moved): string | undefined {
  const mover = dataMover ?? '';
  if (mover !== '' && mover !== 'velero') return `it was moved by ${mover}, which is not read here`;
  if (uploaderType !== 'kopia') return `it was saved with ${uploaderType}, which is not read here`;
  if (Phase !== 'Completed') return `its data did not reach the store: ${Phase}`;
  return snapshotHandle === '' ? 'it was empty when it was saved' : undefined;
}

type Moved = z.infer<typeof movedSchema>['snapshotDataMovementInfo'];

/** `undefined` for a record of a volume whose data were not moved out of a CSI snapshot. Source: Velero 1.18, BackupVolumeInfo. */
export function parseMovedRecord(value: unknown): VolumeRecord | undefined {
  const parsed = movedSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { pvcNamespace, pvcName, snapshotDataMovementInfo: moved } = parsed.data;
  return {
    namespace: pvcNamespace,
    pod: '',
    name: pvcName,
    node: '',
    claim: pvcName,
    hostPath: undefined,
    snapshot: moved.snapshotHandle,
    bytes: moved.size ?? 0,
    trouble: troubleOfMoved(moved),
  };
}
