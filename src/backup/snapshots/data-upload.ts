// What Velero itself would have written of a snapshot whose data were moved into the store: its `DataUpload`, its operation, and its record in the list of
// volumes. Pure. Source: Velero 1.18, pkg/backup/actions/csi and internal/volume.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { labelValueOf } from '../restore/label-value.ts';
import type { SavedFiles } from '../volumes/save-files.ts';
import { factsOf, type ReadySnapshot, type SnapshotToTake, withMetadata } from './snapshot-objects.ts';
import { marks } from './snapshot-words.ts';

export interface MovedFacts {
  readonly backup: string;
  readonly veleroNamespace: string;
  readonly storageLocation: string;
  readonly toTake: SnapshotToTake;
  /** As it was read. */
  readonly claim: JsonObject;
  /** Of the claim or its volume; '' where neither has one. */
  readonly storageClass: string;
  readonly ready: ReadySnapshot;
  readonly files: SavedFiles;
  /** Milliseconds that the snapshot might take. */
  readonly timeout: number;
  /** Makes the object's name its own. */
  readonly suffix: string;
}

/** Seconds only, as metav1.Time has it. */
function veleroTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

function nameOf({ backup, suffix }: MovedFacts): string {
  return `${backup}-${suffix}`;
}

/** Velero has the backup's identity where we have its name: of ours there is no object. */
function operationOf({ backup, claim }: MovedFacts): string {
  return labelValueOf(`du-${backup}.${uidOf(claim)}`);
}

export function dataUpload(facts: MovedFacts): JsonObject {
  const { backup, veleroNamespace, storageLocation, toTake, claim, storageClass, ready, files, timeout } = facts;
  const { snapshotName, driver } = factsOf(ready);
  const [started, completed] = [veleroTime(files.started), veleroTime(files.completed)];
  const { id, bytes } = files.snapshot;
  return {
    apiVersion: 'velero.io/v2alpha1',
    kind: 'DataUpload',
    metadata: {
      name: nameOf(facts),
      namespace: veleroNamespace,
      labels: {
        [marks.backup]: labelValueOf(backup),
        'velero.io/backup-uid': '',
        'velero.io/pvc-uid': uidOf(claim),
        'velero.io/async-operation-id': operationOf(facts),
      },
      ownerReferences: [{ apiVersion: 'velero.io/v1', kind: 'Backup', name: backup, uid: '', controller: true }],
      creationTimestamp: started,
    },
    spec: {
      snapshotType: 'CSI',
      csiSnapshot: { volumeSnapshot: snapshotName, storageClass, snapshotClass: toTake.className, driver },
      sourcePVC: toTake.claim,
      sourceNamespace: toTake.namespace,
      backupStorageLocation: storageLocation,
      operationTimeout: `${timeout / 1000}s`,
    },
    status: {
      phase: 'Completed',
      snapshotID: id,
      progress: { totalBytes: bytes, bytesDone: bytes },
      nodeOS: 'linux',
      startTimestamp: started,
      completionTimestamp: completed,
    },
  };
}

/** As the archive holds it, and a restore by Velero finds it. */
export function archivedUpload(facts: MovedFacts): ArchivedObject {
  const { veleroNamespace: namespace } = facts;
  const place = { group: 'velero.io', version: 'v2alpha1', resource: 'datauploads', kind: 'DataUpload', namespace };
  return { ...place, name: nameOf(facts), raw: dataUpload(facts) };
}

/** The claim as the backup holds it: it names what holds its data. */
export function movedClaim(facts: MovedFacts): JsonObject {
  const { claim, backup, veleroNamespace, ready } = facts;
  const { snapshotName } = factsOf(ready);
  return withMetadata(
    claim,
    { [marks.snapshotOfClaim]: labelValueOf(snapshotName), [marks.backup]: labelValueOf(backup) },
    {
      [marks.snapshotOfClaim]: snapshotName,
      [marks.uploadOfClaim]: `${veleroNamespace}/${nameOf(facts)}`,
      [marks.mustInclude]: 'true',
    },
  );
}

export function moveOperation(facts: MovedFacts): JsonObject {
  const { backup, veleroNamespace, toTake, files } = facts;
  const [started, completed] = [veleroTime(files.started), veleroTime(files.completed)];
  const { bytes } = files.snapshot;
  const { namespace, claim } = toTake;
  return {
    spec: {
      backupName: backup,
      backupUID: '',
      backupItemAction: 'velero.io/csi-pvc-backupper',
      resourceIdentifier: { Group: '', Resource: 'persistentvolumeclaims', Namespace: namespace, Name: claim },
      operationID: operationOf(facts),
      postOperationItems: [
        { Group: 'velero.io', Resource: 'datauploads', Namespace: veleroNamespace, Name: nameOf(facts) },
      ],
    },
    status: {
      phase: 'Completed',
      nCompleted: bytes,
      nTotal: bytes,
      operationUnits: 'Bytes',
      description: 'Completed',
      created: started,
      started,
      updated: completed,
    },
  };
}

/** Of what is gone by then Velero says that it is not known. */
const unknown = 'unknown';

/** `volume`: the persistent volume as the backup holds it. */
export function movedInfo(facts: MovedFacts, volume: JsonObject | undefined): JsonObject {
  const { toTake, ready, files } = facts;
  const { snapshotName, driver } = factsOf(ready);
  const { persistentVolumeReclaimPolicy } = asObject(volume?.['spec']);
  return {
    pvcName: toTake.claim,
    pvcNamespace: toTake.namespace,
    pvName: toTake.volume,
    backupMethod: 'CSISnapshot',
    snapshotDataMoved: true,
    preserveLocalSnapshot: false,
    skipped: false,
    startTimestamp: veleroTime(files.started),
    completionTimestamp: veleroTime(files.completed),
    result: 'succeeded',
    csiSnapshotInfo: { snapshotHandle: unknown, size: 0, driver, vscName: unknown, operationID: unknown },
    snapshotDataMovementInfo: {
      dataMover: 'velero',
      uploaderType: 'kopia',
      retainedSnapshot: snapshotName,
      snapshotHandle: files.snapshot.id,
      operationID: operationOf(facts),
      size: files.snapshot.bytes,
      Phase: 'Completed',
    },
    pvInfo: {
      reclaimPolicy: asString(persistentVolumeReclaimPolicy) ?? 'Delete',
      labels: asObject(asObject(volume?.['metadata'])['labels']),
    },
  };
}
