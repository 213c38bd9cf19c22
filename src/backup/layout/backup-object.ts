// The `Backup` object of a finished backup, as Velero writes it: pure.

import { type JsonObject, pushTo } from '../../model/index.ts';
import { formatVersion } from '../archive/entry-names.ts';
import { noteOfFilters, type Selection } from '../collect/selection.ts';
import { PackedNames } from './packed-names.ts';

/** What a backup says it was asked to do with volumes, in the words of Velero's own spec. */
export interface VolumeSpec {
  readonly snapshotVolumes: boolean;
  /** As a Go duration: how long one snapshot might take. */
  readonly csiSnapshotTimeout?: string;
  readonly defaultVolumesToFsBackup: boolean;
  /** What snapshots hold is in the store. */
  readonly snapshotMoveData?: true;
  /** The ConfigMap with the policies that were asked, where it is one. */
  readonly resourcePolicy?: { readonly kind: 'configmap'; readonly name: string };
}

export const noVolumeSpec: VolumeSpec = { snapshotVolumes: false, defaultVolumesToFsBackup: false };

export interface BackupFacts {
  readonly name: string;
  /** Namespace that Velero runs in; a Velero that finds the backup puts its own. */
  readonly veleroNamespace: string;
  readonly selection: Selection;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly storageLocation: string;
  readonly volumeSpec: VolumeSpec;
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
  /** ISO time after which Velero deletes it; left out, never. */
  readonly expiration?: string | undefined;
  /** As a Go duration: `720h0m0s`. */
  readonly ttl?: string | undefined;
  readonly items: number;
  readonly errors: number;
  readonly warnings: number;
  /** How many CSI snapshots were begun, and how many are in the backup. */
  readonly snapshots: { readonly attempted: number; readonly completed: number };
  /** The same of those whose data were to be moved into the store. */
  readonly operations: { readonly attempted: number; readonly completed: number };
  /** `spec.hooks`, and how many commands of hooks were run. */
  readonly hooks: { readonly spec: JsonObject; readonly attempted: number; readonly failed: number };
  /** `v1.34.4`, `1`, `34`. */
  readonly server: { readonly gitVersion: string; readonly major: string; readonly minor: string };
}

/** Velero's own words for how a backup ended. */
export type BackupPhase = 'Completed' | 'PartiallyFailed' | 'Failed';

/** One that holds nothing because nothing could be read is none that anybody restores. */
export function phaseOf({ errors, items }: Pick<BackupFacts, 'errors' | 'items'>): BackupPhase {
  if (errors === 0) return 'Completed';
  return items === 0 ? 'Failed' : 'PartiallyFailed';
}

/** Seconds only, as metav1.Time has it. */
function veleroTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

function metadataOf(facts: BackupFacts): JsonObject {
  const { name, veleroNamespace, labels, annotations, storageLocation, server, selection } = facts;
  return {
    name,
    namespace: veleroNamespace,
    labels: { ...labels, 'velero.io/storage-location': storageLocation },
    annotations: {
      ...annotations,
      ...noteOfFilters(selection),
      'velero.io/source-cluster-k8s-gitversion': server.gitVersion,
      'velero.io/source-cluster-k8s-major-version': server.major,
      'velero.io/source-cluster-k8s-minor-version': server.minor,
    },
    creationTimestamp: veleroTime(facts.started),
  };
}

function counted(name: string, value: number): JsonObject {
  return value === 0 ? {} : { [name]: value };
}

function countedData({ snapshots, operations }: BackupFacts): JsonObject {
  return {
    ...counted('csiVolumeSnapshotsAttempted', snapshots.attempted),
    ...counted('csiVolumeSnapshotsCompleted', snapshots.completed),
    ...counted('backupItemOperationsAttempted', operations.attempted),
    ...counted('backupItemOperationsCompleted', operations.completed),
    ...counted('backupItemOperationsFailed', operations.attempted - operations.completed),
  };
}

/** Final from its first writing: nothing of it is written again, so that it can lie in a bucket with object lock. */
export function assembleBackupObject(facts: BackupFacts): JsonObject {
  const {
    selection: { filters: _, ...selection },
    storageLocation,
    volumeSpec,
    ttl,
    started,
    completed,
    expiration,
    items,
    errors,
    warnings,
    hooks,
  } = facts;
  return {
    kind: 'Backup',
    apiVersion: 'velero.io/v1',
    metadata: metadataOf(facts),
    spec: {
      ...selection,
      storageLocation,
      ...(ttl === undefined ? {} : { ttl }),
      ...volumeSpec,
      hooks: hooks.spec,
      metadata: {},
    },
    status: {
      version: 1,
      formatVersion,
      phase: phaseOf(facts),
      startTimestamp: veleroTime(started),
      completionTimestamp: veleroTime(completed),
      ...(expiration === undefined ? {} : { expiration: veleroTime(expiration) }),
      progress: { totalItems: items, itemsBackedUp: items },
      ...counted('errors', errors),
      ...counted('warnings', warnings),
      ...countedData(facts),
      hookStatus: { ...counted('hooksAttempted', hooks.attempted), ...counted('hooksFailed', hooks.failed) },
    },
  };
}

export interface ResultProblem {
  readonly severity: 'error' | 'warning';
  readonly namespace: string;
  readonly message: string;
}

/** The side file with what went wrong, by where. */
export function assembleResults(problems: readonly ResultProblem[]): JsonObject {
  const part = (severity: ResultProblem['severity']): JsonObject => {
    const own = problems.filter((each) => each.severity === severity);
    const byNamespace = new Map<string, string[]>();
    for (const { namespace, message } of own) pushTo(byNamespace, namespace, message);
    const cluster = byNamespace.get('') ?? [];
    byNamespace.delete('');
    return { velero: [], cluster, namespaces: Object.fromEntries(byNamespace) };
  };
  return { errors: part('error'), warnings: part('warning') };
}

/** The side file that says what a backup holds: `apps/v1/Deployment` → `shop/web`, sorted. */
export class ResourceList {
  private readonly byKind = new Map<string, PackedNames>();

  add(groupVersion: string, kind: string, namespace: string, name: string): void {
    const key = `${groupVersion}/${kind}`;
    const names = this.byKind.get(key) ?? new PackedNames();
    this.byKind.set(key, names);
    names.add(namespace === '' ? name : `${namespace}/${name}`);
  }

  toJson(): JsonObject {
    const rows = [...this.byKind].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(rows.map(([key, names]) => [key, [...names].toSorted()]));
  }
}
