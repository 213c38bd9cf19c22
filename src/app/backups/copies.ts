// The use cases of a second place for a backup: another store, a folder, or a file.

import { stat } from 'node:fs/promises';
import { type CopiedBackup, copyBackup, type DownloadedArchive, downloadArchive } from '../../backup/index.ts';
import { withStore } from './with-store.ts';

export interface CopyOrder {
  readonly store: string;
  readonly backup: string;
  /** As the user names it: a folder or `s3://…`. */
  readonly to: string;
  /** With the data of its volumes. */
  readonly volumes: boolean;
}

/** Throws `UserError`; run again, it goes on. */
export function copyTo(
  { store, backup, to, volumes }: CopyOrder,
  progress: (text: string) => void,
): Promise<CopiedBackup> {
  return withStore(store, (from) =>
    withStore(to, (target) => copyBackup({ name: backup, from, to: target, volumes, now: Date.now, progress })),
  );
}

/** A folder is meant where there is one, and where the path ends like one. */
async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith('/')) return true;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

export interface DownloadOrder {
  readonly store: string;
  readonly backup: string;
  /** A file for the archive, or a folder for all of the backup. */
  readonly path: string;
  readonly overwrite: boolean;
}

/** Throws `UserError`; then nothing half is there. */
export async function download(
  { store, backup, path, overwrite }: DownloadOrder,
  progress: (text: string) => void,
): Promise<CopiedBackup | DownloadedArchive> {
  if (await isFolder(path)) return copyTo({ store, backup, to: path, volumes: false }, progress);
  progress(`fetching ${backup}`);
  return withStore(store, (opened) => downloadArchive({ store: opened, name: backup, file: path, overwrite }));
}
