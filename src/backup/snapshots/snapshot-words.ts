// Words of CSI snapshots and of Velero that several places must agree on. Source: external-snapshotter v8, Velero 1.18.

import { labelValueOf } from '../restore/label-value.ts';

export const snapshotGroup = 'snapshot.storage.k8s.io';

export const snapshotKinds = {
  snapshots: { group: snapshotGroup, version: 'v1', resource: 'volumesnapshots' },
  contents: { group: snapshotGroup, version: 'v1', resource: 'volumesnapshotcontents' },
  classes: { group: snapshotGroup, version: 'v1', resource: 'volumesnapshotclasses' },
} as const;

export const snapshotResource = `volumesnapshots.${snapshotGroup}`;
export const contentResource = `volumesnapshotcontents.${snapshotGroup}`;
export const classResource = `volumesnapshotclasses.${snapshotGroup}`;

/** Annotations and labels that a restore, ours or Velero's, finds its way by. */
export const marks = {
  /** Of a claim: the snapshot that holds its data. */
  snapshotOfClaim: 'velero.io/volume-snapshot-name',
  handle: 'velero.io/csi-volumesnapshot-handle',
  restoreSize: 'velero.io/csi-volumesnapshot-restore-size',
  driver: 'velero.io/csi-driver-name',
  deletionPolicy: 'velero.io/csi-vsc-deletion-policy',
  mustInclude: 'backup.velero.io/must-include-additional-items',
  backup: 'velero.io/backup-name',
  /** Of a claim: the `DataUpload` that its data went into the store with, as `namespace/name`. */
  uploadOfClaim: 'velero.io/data-upload-name',
} as const;

/** Ours, of a snapshot that a backup has made and not yet let go of: what is left of one that was cut off is found by it. */
export const ownMarks = {
  label: 'nowwhat.dev/snapshot-of-backup',
  backup: 'nowwhat.dev/backup',
  store: 'nowwhat.dev/store',
  /** Its data go into the store: what is left of it is of no use to any backup. */
  moves: 'nowwhat.dev/moves-data',
} as const;

/** Finds the snapshots that a backup has begun. */
export function selectorOf(backup: string): string {
  return `${ownMarks.label}=${labelValueOf(backup)}`;
}
