// Options about snapshots of volumes, and what they mean.

import type { Command } from 'commander';
import type { FileWish } from '../app/backups.ts';
import type { VolumeWish } from '../app/backup-volumes.ts';
import { toMilliseconds } from './flags.ts';
import { parseTruth } from './store-flags.ts';

export interface SnapshotFlags {
  readonly snapshotVolumes?: string | boolean;
  readonly csiSnapshotTimeout?: string;
}

export function addSnapshotOptions(command: Command): Command {
  return command
    .option(
      '--snapshot-volumes [when]',
      'true or false: take CSI snapshots of volumes whose files are not saved (default: where a VolumeSnapshotClass is for them)',
    )
    .option('--csi-snapshot-timeout <duration>', 'how long one snapshot may take until it can be used (default: 10m)');
}

const usualTimeout = 600_000;

function timeoutOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : toMilliseconds(text, 1);
}

function wordOf(wanted: boolean | undefined): VolumeWish['snapshots'] {
  if (wanted === undefined) return 'usual';
  return wanted ? 'asked' : 'no';
}

/** The line goes before the file. Throws `UserError`. */
export function toSnapshotWish(
  { snapshotVolumes, csiSnapshotTimeout }: SnapshotFlags,
  file: Pick<FileWish, 'snapshots' | 'snapshotTimeout'> = {},
): Pick<VolumeWish, 'snapshots' | 'snapshotTimeout'> {
  const said =
    typeof snapshotVolumes === 'boolean' ? snapshotVolumes : parseTruth('--snapshot-volumes', snapshotVolumes);
  return {
    snapshots: wordOf(said ?? file.snapshots),
    snapshotTimeout: timeoutOf(csiSnapshotTimeout) ?? file.snapshotTimeout ?? usualTimeout,
  };
}
