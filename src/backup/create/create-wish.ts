// What a backup is asked for, what it needs, and what it tells.

import type { ApiClient } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ListRecord } from '../collect/list-record.ts';
import type { CollectProblem } from '../collect/gap.ts';
import type { Selection } from '../collect/selection.ts';
import type { DumpRecord } from '../dumps/dump-index.ts';
import type { DumpTarget } from '../dumps/find-databases.ts';
import type { HookRunning } from '../hooks/backup-hooks.ts';
import type { BackupPhase, VolumeSpec } from '../layout/backup-object.ts';
import type { VolumeWithoutData } from '../layout/without-data.ts';
import type { Seal } from '../seal/seal-secrets.ts';
import type { SavedSnapshot, SnapshotRun } from '../snapshots/snapshot-run.ts';
import type { Store } from '../store/store.ts';
import type { SavedVolume } from '../volumes/files-manifest.ts';
import type { SaveVolumes } from '../volumes/volume-data.ts';

export interface CreateWish {
  readonly name: string;
  readonly selection: Selection;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** How long Velero keeps it, in milliseconds; left out, for ever. */
  readonly ttl?: number | undefined;
  /** Name that Velero knows the store by. */
  readonly storageLocation: string;
  readonly veleroNamespace: string;
  /** `spec.hooks` as it was given, for those who read the backup. */
  readonly hooks?: JsonObject | undefined;
  readonly concurrency: number;
  /** Velero's own words for what it is to do with volumes. */
  readonly volumeSpec?: VolumeSpec;
  /** Follows a writer of the same name that was cut off. */
  readonly takeOver: boolean;
}

export interface CreateContext {
  readonly client: ApiClient;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `nowwhat 0.1.0`. */
  readonly tool: string;
  /** Who writes, for others who want the same name. */
  readonly writer: string;
  readonly progress: (text: string) => void;
  /** Where the data of volumes are saved too. */
  readonly saveVolumes?: SaveVolumes;
  /** Where snapshots of volumes are taken. */
  readonly snapshots?: SnapshotRun;
  /** What is known to go wrong before it begins. */
  readonly foreseen?: readonly CollectProblem[];
  /** Why the data of persistent volumes are not saved, by the volume's name. */
  readonly reasons?: ReadonlyMap<string, string>;
  /** Makes Secrets unreadable before they reach the archive. */
  readonly seal?: Seal | undefined;
  /** What the key of the signature holds, from the seal. */
  readonly sign?: ((seal: Buffer) => Buffer) | undefined;
  /** Where commands may be run in pods before and after they are saved. */
  readonly hooks?: Pick<HookRunning, 'specs' | 'agrees'>;
  /** Databases whose content is saved, besides the objects. */
  readonly dumps?: readonly DumpTarget[];
  /** Hears what is left to do where the program is ended in the middle: commands that end what others began. */
  readonly onTidy?: (tidy: () => Promise<void>) => void;
  /** The name is this writer's from now on: what is in the store stays where the program is ended. */
  readonly onClaim?: () => void;
}

export interface CreatedBackup {
  readonly name: string;
  readonly phase: BackupPhase;
  readonly objects: number;
  /** Of the objects' JSON. */
  readonly bytes: number;
  /** Of the compressed archive. */
  readonly archiveBytes: number;
  readonly lists: readonly ListRecord[];
  readonly problems: readonly CollectProblem[];
  /** Whose data are in it. */
  readonly volumes: readonly SavedVolume[];
  /** Snapshots of volumes, which the storage system holds. */
  readonly snapshots: readonly SavedSnapshot[];
  readonly dumps: readonly DumpRecord[];
  /** Whose data are not in it. */
  readonly withoutData: readonly VolumeWithoutData[];
  /** Secrets that whoever reads the store can read. */
  readonly plainSecrets: number;
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
}
