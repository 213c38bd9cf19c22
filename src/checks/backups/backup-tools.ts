// What the input says about backups: objects of backup tools, and jobs that dump a database.

import { type ClusterView, type Inventory, viewOf } from '../../inventory/index.ts';
import { scheduledBackup, scheduledDrill, wordsOfRun } from '../../kube/backup-schedule.ts';
import { asArray, asObject, asString, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';
import { savesAtAll } from './tool-runs.ts';

const scheduleKinds = [
  'velero.io/Schedule',
  'k8up.io/Schedule',
  'backup.appuio.ch/Schedule',
  'stash.appscode.com/BackupConfiguration',
  'core.kubestash.com/BackupConfiguration',
  'config.kio.kasten.io/Policy',
  'longhorn.io/RecurringJob',
  'postgresql.cnpg.io/ScheduledBackup',
  'volsync.backube/ReplicationSource',
];
const onceKinds = ['velero.io/Backup', 'k8up.io/Backup', 'postgresql.cnpg.io/Backup'];
const dumpProgram =
  /\b(?:pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mongodump|restic|kopia|velero|rclone|wal-g|pgbackrest|etcdctl snapshot)\b/;

function isDumpJob({ raw }: KubeObject): boolean {
  return dumpProgram.test(JSON.stringify(asObject(raw['spec'])['jobTemplate'] ?? {}));
}

/** Tools whose objects stand in a namespace of their own, and take in others from there. */
const fromElsewhere: ReadonlySet<string> = new Set([
  'velero.io/Schedule',
  'velero.io/Backup',
  'config.kio.kasten.io/Policy',
  'longhorn.io/RecurringJob',
]);

/** Of a cluster those objects are seen wherever they are. */
function isElsewhere({ live }: ClusterView, kind: string): boolean {
  return live && fromElsewhere.has(kind);
}

/** A CronJob that `schedule create` has made. */
export function isOwnSchedule({ raw }: KubeObject): boolean {
  return scheduledBackup(raw) !== undefined;
}

/** Of a cluster also those of other namespaces: a schedule may run elsewhere. */
function cronJobs(inventory: Inventory): readonly KubeObject[] {
  const view = viewOf(inventory);
  return view.live ? view.objects('batch/CronJob') : inventory.ofKind('batch/CronJob');
}

function findOwnSchedules(inventory: Inventory): readonly KubeObject[] {
  return cronJobs(inventory).filter(isOwnSchedule);
}

/** It restores, and saves nothing, whatever programs it names. */
export function isDrillSchedule({ raw }: KubeObject): boolean {
  return scheduledDrill(raw) !== undefined;
}

/** CronJobs that `schedule drill` has made, which try backups of one of the app's namespaces. */
export function drillSchedules(inventory: Inventory): readonly KubeObject[] {
  const own = new Set(inventory.workloads.map(({ object }) => object.namespace));
  return cronJobs(inventory).filter(({ raw }) => scheduledDrill(raw)?.fences.some(([from]) => own.has(from)) === true);
}

export function ownSchedules(inventory: Inventory): readonly KubeObject[] {
  return inventory.derive(findOwnSchedules);
}

function findSchedules(inventory: Inventory): readonly KubeObject[] {
  const view = viewOf(inventory);
  return [
    ...scheduleKinds
      .flatMap((kind) => (isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind)))
      .filter(savesAtAll),
    ...ownSchedules(inventory),
    ...inventory
      .ofKind('batch/CronJob')
      .filter((each) => !isOwnSchedule(each) && !isDrillSchedule(each) && isDumpJob(each)),
  ];
}

/** Objects that back something up again and again. */
export function backupSchedules(inventory: Inventory): readonly KubeObject[] {
  return inventory.derive(findSchedules);
}

/** Tools that save what is in the namespace of their schedule. */
const ofOwnNamespace: ReadonlySet<string> = new Set(['batch', 'k8up.io', 'postgresql.cnpg.io', 'volsync.backube']);

/** Whether a schedule is one of a namespace. Tools whose selection is not known here may save all. */
export function savesNamespace(schedule: KubeObject): (namespace: string) => boolean {
  if (schedule.group === 'velero.io' || isOwnSchedule(schedule)) return includesNamespace(veleroTemplate(schedule));
  return (namespace) => !ofOwnNamespace.has(schedule.group) || schedule.namespace === namespace;
}

/** Objects that back something up at all. */
export function backupObjects(inventory: Inventory): KubeObject[] {
  const view = viewOf(inventory);
  const once = onceKinds.flatMap((kind) => (isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind)));
  return [...backupSchedules(inventory), ...once];
}

/** Velero's objects, those of its own namespace too where a cluster was read, and our schedules: what selects in Velero's terms. */
export function veleroObjects(inventory: Inventory): KubeObject[] {
  const view = viewOf(inventory);
  const velero = ['velero.io/Schedule', 'velero.io/Backup'].flatMap((kind) =>
    isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind),
  );
  return [...velero, ...ownSchedules(inventory)];
}

/** False where backups may exist that the user of a cluster may not list. */
export function sawBackups(inventory: Inventory): boolean {
  const view = viewOf(inventory);
  return !view.live || [...fromElsewhere].every(view.saw);
}

/** The backup template of a Velero object: `spec.template` of a Schedule, `spec` of a Backup; of a schedule of ours, what its note says. */
export function veleroTemplate({ kind, raw }: KubeObject): JsonObject {
  const spec = asObject(raw['spec']);
  if (kind === 'CronJob') return asObject(scheduledBackup(raw)?.['spec']);
  return kind === 'Schedule' ? asObject(spec['template']) : spec;
}

/** Velero's selection of namespaces: empty or `*` includes all; globs since 1.12 stand for any text. */
export function includesNamespace(template: JsonObject): (namespace: string) => boolean {
  const included = compileNames(template['includedNamespaces']);
  const excluded = compileNames(template['excludedNamespaces']);
  const hasList = asArray(template['includedNamespaces']).length > 0;
  return (namespace) => (!hasList || included(namespace)) && !excluded(namespace);
}

function compileNames(list: Json | undefined): (namespace: string) => boolean {
  const names = asArray(list).map((item) => asString(item) ?? '');
  const exact = new Set(names);
  const patterns = names.filter((name) => name.includes('*')).map(globToPattern);
  return (namespace) => exact.has(namespace) || patterns.some((pattern) => pattern.test(namespace));
}

function globToPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`);
}

/** True where the app keeps data: a claim, or a StatefulSet with claim templates. */
export function keepsData(inventory: Inventory): boolean {
  if (inventory.ofKind('/PersistentVolumeClaim').length > 0) return true;
  return inventory
    .ofKind('apps/StatefulSet')
    .some(({ raw }) => asArray(asObject(raw['spec'])['volumeClaimTemplates']).length > 0);
}

/** A pod says itself which of its volumes are saved. Source: Velero 1.18, file system backup. */
const namesVolumes = 'backup.velero.io/backup-volumes';

/** Whether snapshots are taken of volumes whose files are not saved: asked for, or as a matter of course where there is a class. */
function takesSnapshots({ snapshotVolumes }: JsonObject, inventory: Inventory): boolean {
  if (snapshotVolumes === false) return false;
  return snapshotVolumes === true || inventory.ofKind('snapshot.storage.k8s.io/VolumeSnapshotClass').length > 0;
}

/** Whether a schedule of ours saves the data of the app, as files, as snapshots or as dumps. */
export function savesData({ raw }: KubeObject, inventory: Inventory): boolean {
  const words = wordsOfRun(raw);
  if (words.includes('--dump')) return true;
  if (words.includes('--no-volumes')) return false;
  const spec = asObject(scheduledBackup(raw)?.['spec']);
  if (spec['defaultVolumesToFsBackup'] === true || takesSnapshots(spec, inventory)) return true;
  return inventory.workloads.some(({ annotations }) => annotations[namesVolumes] !== undefined);
}
