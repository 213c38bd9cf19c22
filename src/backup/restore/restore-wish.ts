// What a restore is asked for, what it needs, and what it tells.

import type { ApiClient, ApiResource, Discovery } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { CompiledSelection } from '../collect/selection.ts';
import type { FieldChange } from '../diff/field-diff.ts';
import type { FillVolumes, RestoredVolume } from '../volumes/volume-data.ts';
import type { Contents } from './contents.ts';
import type { RestoreHookSpec } from './hooks/restore-hook-spec.ts';
import type { RestoreHookResult } from './hooks/run-restore-hooks.ts';
import type { Modifiers } from './modifiers/apply-modifiers.ts';
import type { PreflightFinding } from './preflight/finding.ts';
import type { AskImages } from './preflight/presence.ts';
import type { ExistingPolicy, WriteResult, WriteWish } from './write-object.ts';

/** An object that is to go. */
export interface Absent {
  readonly resource: ApiResource;
  readonly namespace: string;
  readonly name: string;
  /** This very object goes, and none that takes its place. */
  readonly uid: string;
}

export interface RestoreWish {
  readonly backup: string;
  /** Of this restore: a label of everything that it makes. */
  readonly name: string;
  readonly selection: Pick<CompiledSelection, 'takesNamespace' | 'takesAllNamespaces' | 'rulesOf'> & {
    readonly takesResource: (groupResource: string) => boolean;
    /** Left out: all that the backup has of the cluster; where only some namespaces are restored, only volumes. */
    readonly includeClusterResources?: boolean | undefined;
  };
  readonly namespaceMappings: ReadonlyMap<string, string>;
  readonly existing: ExistingPolicy;
  readonly preserveNodePorts: boolean;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: readonly (readonly [from: string, to: string])[];
  /** Resources whose status is restored: `jobs.batch`, or `*`; and those of them whose status is not. */
  readonly statusResources: readonly string[];
  readonly statusExcluded?: readonly string[];
  /** Changes of objects on their way. */
  readonly modifiers?: Modifiers;
  /** Hooks of Velero's spec; with an empty list those of annotations alone; left out, none is run. */
  readonly hooks?: readonly RestoreHookSpec[];
  /** Claims whose data come out of the backup, `namespace/name` as they were saved: their volumes are made anew. */
  readonly claimsWithData?: ReadonlySet<string>;
  /** What goes when all else is back. */
  readonly prune?: readonly Absent[];
  /** Claims are filled from their snapshots, where they have some. */
  readonly fillsFromSnapshots?: boolean;
  readonly dryRun: boolean;
  /** What is to be known of the wish itself, in words. */
  readonly remarks?: readonly string[];
  /** Objects under way at once. */
  readonly concurrency: number;
  /** Single objects, where only these come back: which they are, and what may come with them. */
  readonly chosen?: {
    readonly takes: (place: EntryPlace) => boolean;
    readonly pulls: (place: EntryPlace) => boolean;
  };
  /** What a restore that is no plain one does otherwise. */
  readonly adjust?: Adjustment;
}

/** Changes of a restore, for a copy that must not act like the original. */
export interface Adjustment {
  readonly takes: (place: EntryPlace, object: JsonObject) => boolean;
  readonly change: (place: EntryPlace, object: JsonObject) => JsonObject;
  /** The API server is asked whether it takes these, and they are not made. */
  readonly isOnlyAsked: (place: EntryPlace) => boolean;
}

/** One object on its way, prepared. */
export interface Visited extends WriteWish {
  readonly place: EntryPlace;
  readonly isOnlyAsked: boolean;
}

/** What is done with each object, and what came of it. Throws only where the cluster is gone. */
export type Visit = (visited: Visited) => Promise<WriteResult>;

export interface RestoreContext {
  readonly client: ApiClient;
  readonly contents: Contents;
  /** What the cluster serves, where that is known already. */
  readonly discovery?: Discovery;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly progress: (text: string) => void;
  /** Of a dry run: asks registries for images; left out, nobody is asked. */
  readonly askImages?: AskImages;
  /** Where the data of volumes come back too. */
  readonly fillVolumes?: FillVolumes;
}

export type ItemResult = WriteResult['result'] | 'skipped' | 'pruned';

export interface RestoredItem {
  readonly groupResource: string;
  readonly version: string;
  readonly kind: string;
  /** Where it went. */
  readonly namespace: string;
  readonly name: string;
  readonly result: ItemResult;
  readonly message?: string;
  /** Of a dry run: what would change in an object that is there. Values of Secrets never stand in it. */
  readonly changes?: readonly FieldChange[];
}

export interface RestoreReport {
  readonly name: string;
  readonly backup: string;
  /** Velero's words. */
  readonly phase: 'Completed' | 'PartiallyFailed';
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<ItemResult, number>>;
  readonly items: readonly RestoredItem[];
  /** Volumes whose data the backup holds. */
  readonly volumes: readonly RestoredVolume[];
  /** Commands of hooks that were run in restored pods. */
  readonly hooks: readonly RestoreHookResult[];
  /** Of a dry run: whether the cluster has what the objects need. */
  readonly preflight: readonly PreflightFinding[];
  readonly warnings: readonly string[];
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
  /** New identities of objects that own others, by their old ones. */
  readonly newUids: ReadonlyMap<string, string>;
}
