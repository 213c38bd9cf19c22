// What a backup and a restore need of those who move the data of volumes: they call it at the right moment and know nothing else of it.

import type { JsonObject } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import type { SavedVolume } from './files-manifest.ts';
import type { ListedVolume } from './save-files.ts';

/** What became of the volumes of a backup. */
export interface SavedVolumes {
  /** Velero's own objects, one a volume. */
  readonly podVolumeBackups: readonly JsonObject[];
  /** Velero's records of volumes; one of a persistent volume stands in the place of what is said of one without data. */
  readonly infos: readonly JsonObject[];
  readonly problems: readonly CollectProblem[];
  readonly volumes: readonly SavedVolume[];
  /** The hash of every file of each of them, in files of this machine. */
  readonly listed: readonly ListedVolume[];
}

export const noVolumes: SavedVolumes = { podVolumeBackups: [], infos: [], problems: [], volumes: [], listed: [] };

/** Who waits for the data of a pod. */
export interface VolumesTold {
  /** Told as soon as all volumes of a pod are saved: commands that stopped the app let it go on. Whom nobody tells of, waits for the end. */
  readonly onPodSaved: (namespace: string, pod: string) => Promise<void>;
}

/** Called once, when all objects are in the archive. Throws only where the store or the cluster is gone. */
export type SaveVolumes = (told: VolumesTold) => Promise<SavedVolumes>;

/** What a restore has done before data come in. */
export interface RestoredSoFar {
  readonly mapNamespace: (namespace: string) => string;
  /** Whether a claim was made by this restore, or was there: by `namespace/name` where it is now. */
  readonly claims: ReadonlyMap<string, 'made' | 'there'>;
  readonly dryRun: boolean;
}

export interface RestoredVolume {
  /** Where it is now. */
  readonly namespace: string;
  /** The claim, or the pod's volume where there is none. */
  readonly name: string;
  readonly result: 'filled' | 'there already' | 'left out';
  readonly message?: string;
}

/** Called once, after claims are made and before anything runs that uses them. Throws `UserError` where data do not come in: then nothing may run. */
export type FillVolumes = (restored: RestoredSoFar) => Promise<readonly RestoredVolume[]>;
