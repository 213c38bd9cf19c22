// The checks of the family backups, in the order of the report.

import type { Check } from '../check.ts';
import { backupEncrypted } from './backup-encrypted.ts';
import { backupHookMissing } from './backup-hook-missing.ts';
import { backupImmutable } from './backup-immutable.ts';
import { backupMissing } from './backup-missing.ts';
import { backupPaused } from './backup-paused.ts';
import { backupRetentionImplicit } from './backup-retention-implicit.ts';
import { backupScheduleMissing } from './backup-schedule-missing.ts';
import { backupStoreInCluster } from './backup-store-in-cluster.ts';
import { backupStoreInsecure } from './backup-store-insecure.ts';
import { backupWithoutVolumes } from './backup-without-volumes.ts';
import { excludedFromBackup } from './excluded-from-backup.ts';
import { hostPathNotCaptured } from './host-path-not-captured.ts';
import { namespaceNotBackedUp } from './namespace-not-backed-up.ts';
import { restoreDrill } from './restore-drill.ts';
import { restoreElsewhere } from './restore-elsewhere.ts';
import { snapshotDeletedWithObject } from './snapshot-deleted-with-object.ts';

export const backupsChecks: readonly Check[] = [
  backupMissing,
  backupScheduleMissing,
  namespaceNotBackedUp,
  backupWithoutVolumes,
  backupPaused,
  backupRetentionImplicit,
  backupStoreInCluster,
  backupStoreInsecure,
  excludedFromBackup,
  hostPathNotCaptured,
  backupHookMissing,
  snapshotDeletedWithObject,
  backupEncrypted,
  backupImmutable,
  restoreDrill,
  restoreElsewhere,
];
