// Every key of a backup in an object store, in Velero's own layout: the one place that knows it.

/** What stands in `backups/NAME/`, by its role. Each is gzipped JSON unless said. */
export interface BackupKeys {
  /** Plain JSON: the `Backup` object. A backup exists from the moment on that this key does. */
  readonly backup: string;
  /** The archive of objects. */
  readonly contents: string;
  /** Gzipped text. */
  readonly log: string;
  readonly results: string;
  readonly resourceList: string;
  readonly volumeInfo: string;
  readonly podVolumeBackups: string;
  readonly volumeSnapshots: string;
  readonly itemOperations: string;
  /** Ours, as the next four: gzipped lines with the hash of every object. Velero leaves them alone, and deletes them with the backup. */
  readonly manifest: string;
  /** Gzipped lines with the hash of every file of every volume that was saved; not there where none was. */
  readonly files: string;
  /** Plain JSON: who writes the backup, so that no two do. */
  readonly claim: string;
  /** Ours, plain JSON: which dumps of databases there are; left out where none was asked for. */
  readonly dumps: string;
  /** Plain JSON: length and hash of every other key. */
  readonly seal: string;
  /** Plain JSON: a signature of the seal; not there where nobody signed. */
  readonly signature: string;
}

/** A prefix as a user writes it (`team/shop`, `/team/shop/`) as keys need it: '' or with one slash at its end. */
export function normalizePrefix(prefix: string): string {
  const bare = prefix.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `${bare}/`;
}

export function backupsFolder(prefix: string): string {
  return `${normalizePrefix(prefix)}backups/`;
}

export function backupFolder(prefix: string, name: string): string {
  return `${backupsFolder(prefix)}${name}/`;
}

export function backupKeys(prefix: string, name: string): BackupKeys {
  const folder = backupFolder(prefix, name);
  const side = (suffix: string): string => `${folder}${name}-${suffix}`;
  return {
    backup: `${folder}velero-backup.json`,
    contents: `${folder}${name}.tar.gz`,
    log: side('logs.gz'),
    results: side('results.gz'),
    resourceList: side('resource-list.json.gz'),
    volumeInfo: side('volumeinfo.json.gz'),
    podVolumeBackups: side('podvolumebackups.json.gz'),
    volumeSnapshots: side('volumesnapshots.json.gz'),
    itemOperations: side('itemoperations.json.gz'),
    manifest: side('nowwhat-manifest.jsonl.gz'),
    files: side('nowwhat-files.jsonl.gz'),
    claim: side('nowwhat-claim.json'),
    dumps: side('nowwhat-dumps.json'),
    seal: side('nowwhat-seal.json'),
    signature: side('nowwhat-signature.json'),
  };
}

/** A gzipped dump of a database. Numbered: names of pods are too long to stand behind one of a backup. */
export function dumpKey({ dumps }: BackupKeys, number: number, extension: string): string {
  return `${dumps.replace(/s\.json$/, '')}-${number}.${extension}.gz`;
}

/** The kopia repository of a namespace's volumes, beside all backups. */
export function repositoryFolder(prefix: string, namespace: string): string {
  return `${normalizePrefix(prefix)}kopia/${namespace}/`;
}

/** What stands in `restores/NAME/`. */
export interface RestoreKeys {
  readonly log: string;
  readonly results: string;
  readonly resourceList: string;
  /** Ours, plain JSON, and written last: of which backup it was, and how it ended. Velero keeps that in the cluster. */
  readonly record: string;
}

/** Where restores and drills are recorded; Velero reads none of it by itself. */
export function restoresFolder(prefix: string): string {
  return `${normalizePrefix(prefix)}restores/`;
}

/** Plain JSON: that a drill has restored a backup. It cannot stand beside the backup, whose keys are sealed. */
export function drillKey(prefix: string, name: string): string {
  return `${restoreFolder(prefix, name)}nowwhat-drill.json`;
}

export function restoreFolder(prefix: string, name: string): string {
  return `${restoresFolder(prefix)}${name}/`;
}

export function restoreKeys(prefix: string, name: string): RestoreKeys {
  const folder = restoreFolder(prefix, name);
  const side = (suffix: string): string => `${folder}restore-${name}-${suffix}`;
  return {
    log: side('logs.gz'),
    results: side('results.gz'),
    resourceList: side('resource-list.json.gz'),
    record: `${folder}nowwhat-restore.json`,
  };
}
