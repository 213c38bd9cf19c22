// Objects of a CSI snapshot on their way back: a content that points at what the storage system holds, a snapshot of it, and a claim that is filled from it.
// Pure. Source: Velero 1.18.

import { createHash } from 'node:crypto';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { marks, snapshotGroup } from './snapshot-words.ts';

/** How claims come back from their snapshots. */
export interface RestoringSnapshots {
  /** Of this restore. */
  readonly restore: string;
  readonly mapNamespace: (namespace: string) => string;
  /** Whether a claim, by its namespace as saved, is made anew from its snapshot: one that is there has its data. */
  readonly isFilled: (namespace: string, claim: string) => boolean;
  /** Whether a claim is filled from this snapshot, by its namespace and name as saved. */
  readonly isNeeded: (namespace: string, snapshot: string) => boolean;
  /** Name of a VolumeSnapshotClass of the driver in this cluster: some drivers find their credentials by it. */
  readonly classOf: (driver: string) => string | undefined;
}

/** One name for the snapshot and its content, and another for each restore and place. */
export function restoredName(
  { restore, mapNamespace }: Pick<RestoringSnapshots, 'restore' | 'mapNamespace'>,
  namespace: string,
  snapshot: string,
): string {
  return createHash('sha256')
    .update(`${restore}/${mapNamespace(namespace)}/${snapshot}`)
    .digest('hex');
}

const restoredPattern = /^[0-9a-f]{64}$/;

function isRestoredSource(source: unknown): boolean {
  const { kind, name } = asObject(source);
  return kind === 'VolumeSnapshot' && restoredPattern.test(asString(name) ?? '');
}

const claimMarks: ReadonlySet<string> = new Set([marks.snapshotOfClaim, marks.mustInclude]);

function without(part: unknown, gone: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(asObject(part)).filter(([key]) => !gone.has(key)));
}

/** The name of the snapshot that holds a saved claim's data; of one whose data are in the store, none does any more. */
export function snapshotOfClaim(claim: JsonObject): string | undefined {
  const { [marks.snapshotOfClaim]: snapshot, [marks.uploadOfClaim]: upload } = asObject(
    asObject(claim['metadata'])['annotations'],
  );
  return upload === undefined ? asString(snapshot) : undefined;
}

/** A snapshot that an earlier restore filled it from is gone, and would be waited for for ever. */
function withoutRestoredSource(spec: JsonObject): JsonObject {
  const { dataSource, dataSourceRef, ...rest } = spec;
  if (isRestoredSource(dataSource) || isRestoredSource(dataSourceRef)) return rest;
  return spec;
}

/** `claim` has its namespace as saved. */
export function restoreClaimSource(claim: JsonObject, snapshots: RestoringSnapshots | undefined): JsonObject {
  const { labels, ...metadata } = asObject(claim['metadata']);
  const [namespace, name] = [asString(metadata['namespace']) ?? '', asString(metadata['name']) ?? ''];
  const snapshot = snapshotOfClaim(claim);
  const isFilled = snapshot !== undefined && snapshots?.isFilled(namespace, name) === true;
  const source = isFilled && {
    apiGroup: snapshotGroup,
    kind: 'VolumeSnapshot',
    name: restoredName(snapshots, namespace, snapshot),
  };
  return {
    ...claim,
    metadata: {
      ...metadata,
      ...(labels === undefined ? {} : { labels: without(labels, claimMarks) }),
      annotations: without(metadata['annotations'], claimMarks),
    },
    spec: {
      ...withoutRestoredSource(asObject(claim['spec'])),
      // The API server copies the one into the other; written in both, a second look sees no difference.
      ...(source === false ? {} : { dataSource: source, dataSourceRef: source }),
    },
  };
}

/** As saved: the namespace and name of the snapshot that a content is of. */
function snapshotOfContent(spec: JsonObject): readonly [namespace: string, name: string] {
  const { namespace, name } = asObject(spec['volumeSnapshotRef']);
  return [asString(namespace) ?? '', asString(name) ?? ''];
}

type Acted = JsonObject | { readonly skip: string };

const notWanted = { skip: 'no claim is filled from it: it is there, or data do not come back' } as const;

/** What is live already, or was made by hand, stays as it is. */
export function restoreSnapshot(object: JsonObject, snapshots: RestoringSnapshots | undefined): Acted {
  const { name, namespace, annotations, ...metadata } = asObject(object['metadata']);
  const source = asObject(asObject(object['spec'])['source']);
  if (source['volumeSnapshotContentName'] !== undefined) return object;
  const saved = [asString(namespace) ?? '', asString(name) ?? ''] as const;
  if (snapshots?.isNeeded(...saved) !== true) return notWanted;
  const restored = restoredName(snapshots, ...saved);
  return {
    ...object,
    metadata: {
      ...metadata,
      name: restored,
      namespace: saved[0],
      annotations: { ...without(annotations, new Set([marks.mustInclude])), [marks.deletionPolicy]: 'Retain' },
    },
    spec: { source: { volumeSnapshotContentName: restored } },
  };
}

/** Its end never takes the storage system's snapshot with it: that belongs to the backup. */
export function restoreContent(object: JsonObject, snapshots: RestoringSnapshots | undefined): Acted {
  const spec = asObject(object['spec']);
  const { volumeSnapshotClassName: _class, source, ...rest } = spec;
  const handle = asString(asObject(object['status'])['snapshotHandle']);
  const saved = snapshotOfContent(spec);
  if (asObject(source)['snapshotHandle'] !== undefined) return object;
  if (snapshots?.isNeeded(...saved) !== true) return notWanted;
  if (handle === undefined) return { skip: 'the backup does not say what the storage system calls it' };
  const restored = restoredName(snapshots, ...saved);
  const className = snapshots.classOf(asString(rest['driver']) ?? '');
  return {
    ...object,
    metadata: { ...asObject(object['metadata']), name: restored },
    spec: {
      ...rest,
      deletionPolicy: 'Retain',
      source: { snapshotHandle: handle },
      volumeSnapshotRef: {
        apiVersion: `${snapshotGroup}/v1`,
        kind: 'VolumeSnapshot',
        namespace: snapshots.mapNamespace(saved[0]),
        name: restored,
      },
      ...(className === undefined ? {} : { volumeSnapshotClassName: className }),
    },
  };
}
