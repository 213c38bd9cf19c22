// Options about snapshots of volumes, and what they mean.

import type { Command } from 'commander';
import type { FileWish } from '../app/backups/backup-file.ts';
import type { VolumeWish } from '../app/backups/backup-volumes.ts';
import { UserError } from '../model/index.ts';
import { toMilliseconds } from './flags.ts';
import { parseTruth } from './store-flags.ts';

export interface SnapshotFlags {
  readonly snapshotVolumes?: string | boolean;
  readonly snapshotMoveData?: string | boolean;
  readonly csiSnapshotTimeout?: string;
}

export function addSnapshotOptions(command: Command): Command {
  return command
    .option(
      '--snapshot-volumes [when]',
      'true or false: take CSI snapshots of volumes whose files are not saved (default: where a VolumeSnapshotClass is for them)',
    )
    .option(
      '--snapshot-move-data [when]',
      'true or false: move what snapshots hold into the store, and remove the snapshots (default: false)',
    )
    .option(
      '--csi-snapshot-timeout <duration>',
      'how long one snapshot may take until it can be used, and a claim made from it until a pod reads it (default: 10m)',
    );
}

const usualTimeout = 600_000;

function timeoutOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : toMilliseconds(text, 1);
}

function wordOf(wanted: boolean | undefined): VolumeWish['snapshots'] {
  if (wanted === undefined) return 'usual';
  return wanted ? 'asked' : 'no';
}

function truthOf(option: string, said: string | boolean | undefined): boolean | undefined {
  return typeof said === 'boolean' ? said : parseTruth(option, said);
}

/** The line goes before the file. Throws `UserError`. */
export function toSnapshotWish(
  flags: SnapshotFlags,
  file: Pick<FileWish, 'snapshots' | 'movesData' | 'snapshotTimeout'> = {},
): Pick<VolumeWish, 'snapshots' | 'movesData' | 'snapshotTimeout'> {
  const { csiSnapshotTimeout } = flags;
  const said = truthOf('--snapshot-volumes', flags.snapshotVolumes) ?? file.snapshots;
  const movesData = (truthOf('--snapshot-move-data', flags.snapshotMoveData) ?? file.movesData) === true;
  if (movesData && said === false)
    throw new UserError(
      'invalid-option',
      'data are moved out of snapshots, and no snapshots are to be taken',
      'Leave out --snapshot-move-data, or take snapshots with --snapshot-volumes.',
    );
  return {
    // Who wants data moved has asked for the snapshots that they are in.
    snapshots: wordOf(said ?? (movesData ? true : undefined)),
    movesData,
    snapshotTimeout: timeoutOf(csiSnapshotTimeout) ?? file.snapshotTimeout ?? usualTimeout,
  };
}
