// What the input says about backups: objects of backup tools, and jobs that dump a database.

import { type ClusterView, type Inventory, viewOf } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';

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

function findSchedules(inventory: Inventory): readonly KubeObject[] {
  const view = viewOf(inventory);
  return [
    ...scheduleKinds.flatMap((kind) => (isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind))),
    ...inventory.ofKind('batch/CronJob').filter(isDumpJob),
  ];
}

/** Objects that back something up again and again. */
export function backupSchedules(inventory: Inventory): readonly KubeObject[] {
  return inventory.derive(findSchedules);
}

/** Objects that back something up at all. */
export function backupObjects(inventory: Inventory): KubeObject[] {
  const view = viewOf(inventory);
  const once = onceKinds.flatMap((kind) => (isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind)));
  return [...backupSchedules(inventory), ...once];
}

/** Velero's objects, those of its own namespace too where a cluster was read. */
export function veleroObjects(inventory: Inventory): KubeObject[] {
  const view = viewOf(inventory);
  return ['velero.io/Schedule', 'velero.io/Backup'].flatMap((kind) =>
    isElsewhere(view, kind) ? view.objects(kind) : inventory.ofKind(kind),
  );
}

/** False where backups may exist that the user of a cluster may not list. */
export function sawBackups(inventory: Inventory): boolean {
  const view = viewOf(inventory);
  return !view.live || [...fromElsewhere].every(view.saw);
}

/** The backup template of a Velero object: `spec.template` of a Schedule, `spec` of a Backup. */
export function veleroTemplate({ kind, raw }: KubeObject): JsonObject {
  const spec = asObject(raw['spec']);
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
