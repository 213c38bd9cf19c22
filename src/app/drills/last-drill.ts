// What the store tells of the last drill of a backup.

import { type BackupSummary, type DrillRecord, drillsOf, type Store } from '../../backup/index.ts';

/** What the last drill has shown of a backup. */
export interface BackupDrill {
  /** ISO time. */
  readonly time: string;
  /** It came back as it was. */
  readonly holds: boolean;
}

export interface FoundBackup extends BackupSummary {
  /** Left out where the store has no record of one. */
  readonly drill?: BackupDrill;
}

export async function lastDrillOf(
  store: Store,
  backup: string,
  drills: readonly DrillRecord[],
): Promise<{ readonly drill?: BackupDrill }> {
  const [last] = await drillsOf(store, backup, drills);
  return last === undefined ? {} : { drill: { time: last.time, holds: last.holds } };
}
