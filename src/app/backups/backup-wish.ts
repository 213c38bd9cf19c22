// What a user wants of a backup.

import type { HoldWish, Selection } from '../../backup/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { VolumeWish } from './backup-volumes.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { PolicySource } from './resource-policies.ts';

export interface BackupWish extends VolumeWish {
  readonly cluster: ClusterWish;
  /** As the user names it: a folder or `s3://…`. */
  readonly store: string;
  /** Left out: made of what is saved and the time. */
  readonly name?: string | undefined;
  readonly selection: Selection;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly ttl?: number | undefined;
  readonly storageLocation: string;
  readonly takeOver: boolean;
  /** Recipients of age whom Secrets are encrypted for; none, they stay as they are. */
  readonly sealTo?: readonly string[] | undefined;
  /** File of the private key that signs the backup. */
  readonly signWith?: string | undefined;
  /** `spec.hooks` of Velero's `Backup`, checked by `readBackupFile`. */
  readonly hooks?: JsonObject | undefined;
  /** `run`: all hooks were agreed to beforehand. `ask`: those that somebody agrees to. `skip`: none. */
  readonly runHooks: 'run' | 'ask' | 'skip';
  readonly policies?: PolicySource | undefined;
  /** Databases to dump: `auto`, or names of pods and workloads. */
  readonly dumps: readonly string[];
  /** Databases whose files are held still while they are saved. */
  readonly holds?: HoldWish | undefined;
  /** Somebody agreed beforehand to all that runs in pods. */
  readonly agreed: boolean;
}
