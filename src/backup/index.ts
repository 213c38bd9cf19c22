// Backups in Velero's format: what other rooms may use.

export { type CreateContext, type CreatedBackup, createBackup, type CreateWish } from './create/create-backup.ts';
export type { CollectProblem, ListRecord } from './collect/collect-objects.ts';
export { type Selection, selectionOfSpec } from './collect/selection.ts';
export { type BackupSummary, listBackups, openBackup } from './inspect/read-backup.ts';
export { type Verification, verifyBackup } from './inspect/verify-backup.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
