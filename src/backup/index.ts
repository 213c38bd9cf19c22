// Backups in Velero's format: what other rooms may use.

export { createBackup } from './create/create-backup.ts';
export type { CreateContext, CreatedBackup } from './create/create-wish.ts';
export { assembleClone } from './clone/assemble-clone.ts';
export { assembleMigration, type Migration, type MigrationWish } from './clone/assemble-migration.ts';
export type { CloneMarks } from './clone/clone-marks.ts';
export type { ClonePlan, CloneSource, CloneWish, Decision } from './clone/clone-plan.ts';
export { copyVolumes } from './clone/copy-volumes.ts';
export type { CloneData } from './clone/clone-plan.ts';
export { type MadeClone, makeClone, type TriedClone, tryClone } from './clone/make-clone.ts';
export { readLiveSource, readSavedSource } from './clone/read-source.ts';
export { findClone, findForeign, type FoundClone, listClones, removeClone } from './clone/remove-clone.ts';
export { compileSecretRules, parseSecretRules, type SecretRules, type SecretTreatment } from './clone/secret-rules.ts';
export { findObjects, type FoundObject, readObjects } from './browse/browse-backup.ts';
export { maskSecret } from './browse/mask-secret.ts';
export { compileKinds, compileObjectFilter, type ObjectFilter } from './browse/object-filter.ts';
export type { EntryPlace } from './archive/entry-names.ts';
export { compileGlobs } from './collect/match-glob.ts';
export { type ObjectHistory, type ObjectWish, readHistory } from './browse/object-history.ts';
export { openSavedObjects } from './browse/saved-objects.ts';
export { type CopiedBackup, copyBackup } from './copy/copy-backup.ts';
export { type DownloadedArchive, downloadArchive } from './copy/download-archive.ts';
export { type CountedObjects, countObjects } from './collect/count-objects.ts';
export type { CollectProblem } from './collect/gap.ts';
export { rightsToAsk } from './collect/rights-to-ask.ts';
export { resolveNames } from './collect/choose-resources.ts';
export { compileSelection, type Selection, selectionOfBackup, selectionOfSpec } from './collect/selection.ts';
export { type BackupDiff, diffBackups, visitBackup } from './diff/diff-backups.ts';
export { assembleExport, type Export, type NeededSecret, type SourceObject } from './export/export-objects.ts';
export { type FieldChange } from './diff/field-diff.ts';
export { readLiveObjects, visitLive } from './diff/visit-live.ts';
export { type DrillProbe, parseProbes } from './drill/probes/parse-probes.ts';
export { drillLabel, fencePolicyName } from './drill/fence.ts';
export { type DrillReport, type DrillWish, endDrill, runDrill } from './drill/run-drill.ts';
export { combineSelection, filterRestore, filterSelection } from './policies/combine-selection.ts';
export { findPolicy, parsePolicies, type ResourcePolicies } from './policies/parse-policies.ts';
export type { FindResource } from './policies/resolve-filters.ts';
export {
  planVolumes,
  type PlannedVolume,
  reasonsOf,
  snapshotProblems,
  snapshotsOf,
} from './snapshots/plan-volumes.ts';
export { deleteSnapshots, type DeletedSnapshot } from './snapshots/delete-snapshots.ts';
export { type HeldSnapshot, readSnapshotClaims, readSnapshots, readVeleroData } from './snapshots/saved-snapshots.ts';
export { readClasses } from './snapshots/read-classes.ts';
export type { SnapshotToTake } from './snapshots/snapshot-objects.ts';
export { podSpecsOfClaims, SnapshotMover } from './snapshots/move-data.ts';
export { type SavedSnapshot, SnapshotRun } from './snapshots/snapshot-run.ts';
export { findLeftoversOf, type Leftover, removeLeftovers, tidySnapshots } from './snapshots/tidy-leftovers.ts';
export { type DumpRecord, readDumps } from './dumps/dump-index.ts';
export { type ForeseenDump, foreseeDump } from './dumps/find-databases.ts';
export { type HoldWish, planHolds } from './dumps/plan-holds.ts';
export type { HookSpec } from './hooks/hook-spec.ts';
export type { BackupLook } from './collect/visit-objects.ts';
export { planDumps } from './dumps/plan-dumps.ts';
export { type DumpPlace, recipeOf, restoreDump } from './dumps/restore-dump.ts';
export { parseHookSpecs } from './hooks/hook-spec.ts';
export type { PodHooks } from './hooks/find-hooks.ts';
export type { VolumeSpec } from './layout/backup-object.ts';
export { agreementTo, planHooks } from './hooks/plan-hooks.ts';
export { deleteBackup, requireKeys } from './inspect/delete-backup.ts';
export {
  listBackupNames,
  listRestoreNames,
  listSavedNamespaces,
  listSavedSchedules,
} from './inspect/list-names.ts';
export {
  deleteRestore,
  type DescribedRestore,
  describeRestore,
  listRestores,
  readRestoreLog,
  requireRestore,
  type RestoreSummary,
} from './inspect/read-restores.ts';
export { type DescribedBackup, describeBackup, readBackupLog } from './inspect/describe-backup.ts';
export {
  type BackupSummary,
  listBackups,
  openBackup,
  type OpenedBackup,
  scheduleLabel,
} from './inspect/read-backup.ts';
export { type Verification, verifyBackup } from './inspect/verify-backup.ts';
export { readSavedStates } from './inspect/saved-state.ts';
export { type DrillRecord, drillsOf, readDrills, recordDrill } from './retention/drill-marks.ts';
export { applyPrune, planPrune, type Pruned, type PrunePlan } from './retention/prune-store.ts';
export { isEmptyRule, type RetentionRule } from './retention/retention-rule.ts';
export type { Contents } from './restore/contents.ts';
export { findAbsent, titleOfAbsent } from './restore/find-absent.ts';
export type { Absent } from './restore/restore-wish.ts';
export type { PodExec } from './restore/hooks/find-restore-hooks.ts';
export { planRestoreHooks } from './restore/hooks/plan-restore-hooks.ts';
export { parseRestoreHooks, type RestoreHookSpec } from './restore/hooks/restore-hook-spec.ts';
export { readyModifiers } from './restore/modifiers/merge-strategically.ts';
export { type ModifierRule, parseModifiers } from './restore/modifiers/parse-modifiers.ts';
export { openContents, type OpenedContents, type Opening } from './restore/open-contents.ts';
export type { AskImages, Presence } from './restore/preflight/presence.ts';
export { recordRestore } from './restore/record-restore.ts';
export { restoreBackup } from './restore/restore-backup.ts';
export { parseRestoreSpec, type RestoreSpec } from './restore/restore-spec.ts';
export type { RestoreContext, RestoredItem, RestoreReport, RestoreWish } from './restore/restore-wish.ts';
export { type Access, type AccessNeeds, accessOf } from './schedules/access-rules.ts';
export { assembleDrills, type DrillsWish, fenceNameOf } from './schedules/assemble-drills.ts';
export { assembleSchedule, type RunsWish, type ScheduleWish } from './schedules/assemble-schedule.ts';
export { accessOfDrills } from './schedules/drill-rights.ts';
export { toCronJobTime } from './schedules/cron-job-time.ts';
export { parseSchedule, type VeleroSchedule } from './schedules/parse-schedule.ts';
export {
  backupNameOf,
  checkScheduleName,
  isOf,
  labelsOf,
  ownName,
  roleName,
  scheduleMark,
  type ScheduleName,
} from './schedules/schedule-marks.ts';
export {
  jobByHand,
  missedRun,
  runOf,
  type ScheduleRun,
  type ScheduleView,
  viewSchedule,
} from './schedules/schedule-view.ts';
export { authorityKey, storeInPod } from './schedules/store-in-pod.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
export type { SaveVolumes } from './volumes/volume-data.ts';
export type { ChosenVolumes } from './volumes/choose-volumes.ts';
export { type Repository, usualPassword } from './volumes/kopia.ts';
export { readVolumes } from './volumes/read-volumes.ts';
export { tidyHelpers } from './volumes/left-helpers.ts';
export type { HelperContext } from './volumes/run-helper.ts';
export { placeOnNodes } from './volumes/decide-target.ts';
export { innerClaim, moveDirectoriesIn, planDirectories } from './drill/inner-directories.ts';
export { FilesDrill, splitFiles } from './volumes/drill-files.ts';
export { fillVolumes } from './volumes/fill-volumes.ts';
export { readHostPaths } from './volumes/read-host-paths.ts';
export { readPods, readRecords, type ReadRecords } from './volumes/read-records.ts';
export type { FillVolumes } from './volumes/volume-data.ts';
export type { MovingVolumes } from './volumes/moving-volumes.ts';
export { saveVolumes } from './volumes/save-volumes.ts';
export { openSeal, openUnseal, type Seal, sealedTo, type Unseal } from './seal/seal-secrets.ts';
export { parseSigningKey, parseVerifyingKey, signSeal } from './seal/sign-seal.ts';
