// The checks of the family storage, in the order of the report.

import type { Check } from '../check.ts';
import { databaseWithoutVolume } from './database-without-volume.ts';
import { singleNodeVolumeRolling } from './single-node-volume-rolling.ts';
import { singleNodeVolumeShared } from './single-node-volume-shared.ts';
import { statefulsetDeletesClaims } from './statefulset-deletes-claims.ts';
import { storageClassImplicit } from './storage-class-implicit.ts';
import { storageUnencrypted } from './storage-unencrypted.ts';
import { volumeDataDeleted } from './volume-data-deleted.ts';
import { volumeNotExpandable } from './volume-not-expandable.ts';

export const storageChecks: readonly Check[] = [
  singleNodeVolumeShared,
  singleNodeVolumeRolling,
  databaseWithoutVolume,
  storageClassImplicit,
  volumeDataDeleted,
  statefulsetDeletesClaims,
  storageUnencrypted,
  volumeNotExpandable,
];
