// Backups in Velero's format: what other rooms may use.

export { createBackup, type CreateContext, type CreatedBackup } from './create/create-backup.ts';
export { findObjects, type FoundObject, readObjects } from './browse/browse-backup.ts';
export { maskSecret } from './browse/mask-secret.ts';
export { compileObjectFilter, type ObjectFilter } from './browse/object-filter.ts';
export { type ObjectHistory, type ObjectWish, readHistory } from './browse/object-history.ts';
export { openSavedObjects } from './browse/saved-objects.ts';
export { compileSelection, type Selection, selectionOfSpec } from './collect/selection.ts';
export { type BackupDiff, diffBackups, visitBackup } from './diff/diff-backups.ts';
export { type FieldChange } from './diff/field-diff.ts';
export { visitLive } from './diff/visit-live.ts';
export { type DrillReport, endDrill, runDrill } from './drill/run-drill.ts';
export { parseHookSpecs } from './hooks/hook-spec.ts';
export type { PodHooks } from './hooks/find-hooks.ts';
export { agreementTo, planHooks } from './hooks/plan-hooks.ts';
export { deleteBackup } from './inspect/delete-backup.ts';
export { type DescribedBackup, describeBackup, readBackupLog } from './inspect/describe-backup.ts';
export { type BackupSummary, listBackups, openBackup } from './inspect/read-backup.ts';
export { type Verification, verifyBackup } from './inspect/verify-backup.ts';
export { markProven } from './retention/drill-marks.ts';
export { applyPrune, planPrune, type Pruned, type PrunePlan } from './retention/prune-store.ts';
export { isEmptyRule, type RetentionRule } from './retention/retention-rule.ts';
export { openContents } from './restore/open-contents.ts';
export { recordRestore } from './restore/record-restore.ts';
export { restoreBackup } from './restore/restore-backup.ts';
export type { RestoredItem, RestoreReport, RestoreWish } from './restore/restore-wish.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
