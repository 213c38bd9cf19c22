// Backups in Velero's format: what other rooms may use.

export { createBackup, type CreateContext, type CreatedBackup } from './create/create-backup.ts';
export { compileSelection, type Selection, selectionOfSpec } from './collect/selection.ts';
export { type DrillReport, endDrill, runDrill } from './drill/run-drill.ts';
export { parseHookSpecs } from './hooks/hook-spec.ts';
export type { PodHooks } from './hooks/find-hooks.ts';
export { agreementTo, planHooks } from './hooks/plan-hooks.ts';
export { deleteBackup } from './inspect/delete-backup.ts';
export { type DescribedBackup, describeBackup, readBackupLog } from './inspect/describe-backup.ts';
export { type BackupSummary, listBackups, openBackup } from './inspect/read-backup.ts';
export { type Verification, verifyBackup } from './inspect/verify-backup.ts';
export { openContents } from './restore/open-contents.ts';
export { recordRestore } from './restore/record-restore.ts';
export { restoreBackup } from './restore/restore-backup.ts';
export type { RestoredItem, RestoreReport, RestoreWish } from './restore/restore-wish.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
