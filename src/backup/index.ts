// Backups in Velero's format: what other rooms may use.

export { createBackup, type CreatedBackup } from './create/create-backup.ts';
export { type Selection, selectionOfSpec } from './collect/selection.ts';
export { deleteBackup } from './inspect/delete-backup.ts';
export { type DescribedBackup, describeBackup, readBackupLog } from './inspect/describe-backup.ts';
export { type BackupSummary, listBackups } from './inspect/read-backup.ts';
export { type Verification, verifyBackup } from './inspect/verify-backup.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
