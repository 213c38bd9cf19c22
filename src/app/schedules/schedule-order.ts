// What the user asks of a schedule, and what is answered before anything is done.

import type {
  DrillProbe,
  DrillsWish,
  ForeseenDump,
  HoldWish,
  PodHooks,
  ScheduleWish,
  VeleroSchedule,
} from '../../backup/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { ClusterPlan } from '../plans/cluster/cluster-plan.ts';
import type { PolicySource } from '../backups/resource-policies.ts';
import type { PlanMaking } from '../plans/plan-made.ts';

/** How runs open the store. */
export type CredentialsWish =
  /** A Secret beside the CronJob. */
  | { readonly kind: 'secret'; readonly name: string }
  /** Those that this program would use itself go into a Secret. */
  | { readonly kind: 'copy' }
  /** The account is one of the cloud. */
  | { readonly kind: 'account' };

/** What is said of every schedule, whatever its runs do. */
export interface RunsOrder {
  /** Its namespace is the one that the schedule runs in; left out, the context's. */
  readonly cluster: ClusterWish;
  readonly name: string;
  readonly schedule: string;
  readonly paused: boolean;
  readonly skipImmediately: boolean;
  readonly store: string;
  readonly image: string;
  readonly pullSecret?: string | undefined;
  readonly credentials: CredentialsWish;
  /** Of the repositories with data of volumes, where it is not Velero's own; goes with copied credentials. */
  readonly password?: string | undefined;
  readonly accountAnnotations: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly runWithin: number;
  /** Nothing will be made: what is missing may come later. */
  readonly dryRun: boolean;
  readonly takeOver: readonly string[];
  readonly making: Omit<PlanMaking, 'title'>;
}

/** All namespaces: all of them are saved. */
export interface ScheduleOrder extends RunsOrder {
  readonly file: VeleroSchedule | undefined;
  /** What the line says of the spec of each backup, over what the file says. */
  readonly template: JsonObject;
  readonly policies?: PolicySource | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly volumes: 'none' | 'named' | 'all';
  readonly snapshots: 'usual' | 'asked' | 'no';
  /** What snapshots hold is moved into the store. */
  readonly movesData: boolean;
  readonly hooks: 'run' | 'skip';
  readonly dumps: readonly string[];
  readonly holds: HoldWish | undefined;
  /** Words for `backup create` that are passed on as they are: sealing and what is kept. */
  readonly words: readonly string[];
  /** The same about the pods that move data, where any are made. */
  readonly volumeWords: readonly string[];
}

/** What is said of a schedule of drills. */
export interface DrillsOrder extends RunsOrder {
  /** The backup schedule whose newest backup is tried. */
  readonly of: string;
  /** Namespaces of the backup; empty for those that the backup schedule names. */
  readonly namespaces: readonly string[];
  /** What is asked of the app, as YAML. */
  readonly probes?: string | undefined;
  readonly restoresVolumes: boolean;
  /** Words for `drill` that are passed on as they are. */
  readonly words: readonly string[];
}

/** What a run would do today, as far as the cluster tells. */
export interface ScheduleOutlook {
  /** Names, globs, or `*`. */
  readonly namespaces: readonly string[];
  readonly store: string;
  /** ISO times. */
  readonly next: readonly string[];
  /** Volumes whose data would be saved, as `namespace/pod: volume`. */
  readonly volumes: readonly string[];
  /** Claims of which a snapshot would be taken, as `namespace/claim`. */
  readonly snapshots: readonly string[];
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
  /** Pods may be made where they run, and commands run in them. */
  readonly savesVolumes: boolean;
  /** Snapshots may be made of claims, and those of older backups ended. */
  readonly takesSnapshots: boolean;
  readonly runsCommands: boolean;
  /** The Secret that runs get the credentials from; left out where the account opens the store. */
  readonly credentials?: { readonly secret: string; readonly keys: readonly string[]; readonly isMade: boolean };
  /** What of a file is not kept. */
  readonly notKept: readonly string[];
  /** What to know before agreeing. */
  readonly remarks: readonly string[];
}

/** A change of a schedule, shown before it is made. */
export interface ScheduleChange extends Omit<ClusterPlan, 'schema'> {
  readonly action: 'create' | 'pause' | 'unpause' | 'delete';
  readonly name: string;
  readonly namespace: string;
  /** There was one of this name. */
  readonly isThere: boolean;
}

export interface PlannedSchedule extends ScheduleChange {
  readonly wish: Omit<ScheduleWish, 'access'>;
  readonly outlook: ScheduleOutlook;
  /** As they would be kept in git. */
  readonly objects: readonly JsonObject[];
}

/** What a drill would try, as far as the cluster tells. */
export interface DrillsOutlook extends Pick<ScheduleOutlook, 'store' | 'next' | 'credentials' | 'remarks'> {
  readonly of: string;
  /** Namespaces of the backup, and those that stand ready for them. */
  readonly fences: readonly (readonly [from: string, to: string])[];
  readonly probes: readonly DrillProbe[];
  readonly restoresVolumes: boolean;
}

export interface PlannedDrills extends ScheduleChange {
  readonly wish: Omit<DrillsWish, 'access'>;
  readonly outlook: DrillsOutlook;
  /** As they would be kept in git. */
  readonly objects: readonly JsonObject[];
}
