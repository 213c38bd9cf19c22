// Finds snapshots of volumes that were asked for and do not exist.

import { asObject, asString } from '../../model/index.ts';
import { clip, liveCheck, specOf, statusOf } from './live-check.ts';

export const volumeSnapshotFailed = liveCheck(
  {
    id: 'volume-snapshot-failed',
    family: 'running',
    title: 'Snapshots of volumes succeed',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Correct what the driver names, and take the snapshot again.',
    minutes: 20,
  },
  {
    kinds: ['snapshot.storage.k8s.io/VolumeSnapshot'],
    find: (snapshot) => {
      const { error, readyToUse } = statusOf(snapshot);
      if (error === undefined || error === null || readyToUse === true) return undefined;
      const claim = asString(asObject(specOf(snapshot)['source'])['persistentVolumeClaimName']);
      return {
        message: `snapshot "${snapshot.name}"${claim === undefined ? '' : ` of claim "${claim}"`} has failed: there is nothing to restore from`,
        path: ['status', 'error'],
        evidence: clip(asString(asObject(error)['message']) ?? 'the driver gives no reason'),
      };
    },
  },
);
