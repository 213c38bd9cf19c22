// What a user wants of a restore, and what is shown of it before anything is written.

import type { PodExec, RestoreHookSpec, RestoreWish, Selection } from '../../backup/index.ts';
import type { ObjectChoice } from './choose-restored.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { MovingWish, VolumePlan } from '../backups/volumes.ts';
import type { OpeningFiles } from '../backups/read-key-file.ts';
import type { PolicySource } from '../backups/resource-policies.ts';
import type { BackupChoice, ModifierSource } from './restore-inputs.ts';

export interface RestoreOrder extends OpeningFiles {
  readonly cluster: ClusterWish;
  readonly store: string;
  readonly backup: BackupChoice;
  /** Left out: the backup's, with the time. */
  readonly name?: string | undefined;
  readonly selection: Selection;
  /** Only these objects; left out, all that the selection takes. */
  readonly objects?: ObjectChoice | undefined;
  readonly namespaceMappings: ReadonlyMap<string, string>;
  readonly existing: RestoreWish['existing'];
  readonly preserveNodePorts: boolean;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: RestoreWish['images'];
  readonly statusResources: readonly string[];
  readonly statusExcluded: readonly string[];
  readonly modifiers?: ModifierSource | undefined;
  /** Resource policies that filter what is restored. */
  readonly policies?: PolicySource | undefined;
  /** The namespace with the ConfigMaps of Velero's plug-ins, where their maps are wanted. */
  readonly pluginMaps?: string | undefined;
  /** Left out: no hook is run. */
  readonly hooks?: readonly RestoreHookSpec[] | undefined;
  readonly prune: boolean;
  /** Of a dry run: registries are asked for images that no node has. */
  readonly checkImages: boolean;
  readonly dryRun: boolean;
  /** How the data of volumes come back; left out, they do not. */
  readonly moving?: MovingWish;
  /** Directories of nodes come back too, where they are empty. */
  readonly hostPaths?: boolean;
}

export interface RestorePreview {
  /** Volumes whose data come back, and how. */
  readonly volumes: VolumePlan['volumes'];
  readonly volumeImage: string;
  /** Claims that are filled from snapshots: `namespace/name` as saved. */
  readonly snapshots: readonly string[];
  readonly backup: string;
  readonly store: string;
  /** Address of the API server that it goes to. */
  readonly server: string;
  readonly context: string;
  readonly started: string;
  readonly items: number;
  /** `configmaps shop/settings`: where single objects were named, those that come back. */
  readonly chosen: readonly string[];
  /** What is to be known of it, in words. */
  readonly remarks: readonly string[];
  /** `deployments.apps shop/web`: what goes when all else is back. */
  readonly prune: readonly string[];
  /** Commands that run in pods. */
  readonly hooks: readonly PodExec[];
  /** How many rules change objects on their way. */
  readonly modifiers: number;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: RestoreWish['images'];
}
