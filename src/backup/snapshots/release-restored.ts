// Once claims are filled from their snapshots, the snapshots' objects have served: they go, and the storage system keeps what belongs to the backup.

import {
  type ApiClient,
  deleteObject,
  discover,
  findResource,
  getObject,
  isApiError,
  listAll,
} from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { contentResource, snapshotKinds } from './snapshot-words.ts';

/** A claim that a restore has made from a snapshot. */
export interface FilledClaim {
  /** Where it is now. */
  readonly namespace: string;
  readonly claim: string;
  /** Of the snapshot and its content. */
  readonly name: string;
}

export interface Releasing {
  readonly client: ApiClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' } as const;

/** A volume may be made only once a pod is where it goes; whoever waits longer than this is not held up by us. */
const mostTries = 120;

async function isBound({ client }: Releasing, { namespace, claim }: FilledClaim): Promise<boolean> {
  const found = await getObject(client, claims, { namespace, name: claim });
  return asObject(found['status'])['phase'] === 'Bound';
}

async function ignoreMissing(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

async function releaseOne(how: Releasing, filled: FilledClaim): Promise<boolean> {
  const { client, sleep } = how;
  const { namespace, name } = filled;
  try {
    for (let tries = 0; !(await isBound(how, filled)); tries += 1) {
      if (tries === mostTries) return false;
      await sleep(500);
    }
    await ignoreMissing(deleteObject(client, snapshotKinds.snapshots, { namespace, name }));
    await ignoreMissing(deleteObject(client, snapshotKinds.contents, { name }));
    return true;
  } catch (error) {
    // Claims may be gone again by then, and rights may be missing: the data are back all the same.
    if (isApiError(error, 404) || isApiError(error, 403)) return false;
    throw error;
  }
}

/** Those whose objects are still there. */
export async function releaseRestored(how: Releasing, filled: readonly FilledClaim[]): Promise<readonly FilledClaim[]> {
  if (filled.length > 0) how.progress('waiting for volumes that are made from snapshots');
  const released = await Promise.all(filled.map((each) => releaseOne(how, each)));
  return filled.filter((_, index) => released[index] === false);
}

/** Contents that restores into these namespaces have left: they outlive their namespace. */
export async function removeRestoredContents(client: ApiClient, namespaces: ReadonlySet<string>): Promise<void> {
  const resource = findResource(await discover(client), contentResource);
  if (resource === undefined) return;
  const { items } = await listAll(client, resource, { labelSelector: 'velero.io/restore-name' });
  for (const { metadata, spec } of items) {
    const { namespace } = asObject(asObject(spec)['volumeSnapshotRef']);
    const name = asString(asObject(metadata)['name']) ?? '';
    if (namespaces.has(asString(namespace) ?? ''))
      await ignoreMissing(deleteObject(client, snapshotKinds.contents, { name }));
  }
}
