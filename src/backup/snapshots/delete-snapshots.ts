// Deletes what a storage system holds for a backup: only its driver can, so that it is told by an object that is made for this and goes at once.

import { randomBytes } from 'node:crypto';
import { type ApiClient, createObject, deleteObject, getObject, isApiError } from '../../api/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import type { HeldSnapshot } from './saved-snapshots.ts';
import { snapshotGroup, snapshotKinds } from './snapshot-words.ts';

export interface DeletingSnapshots {
  readonly client: ApiClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

export interface DeletedSnapshot extends Omit<HeldSnapshot, 'content'> {
  readonly result: 'deleted' | 'left';
  readonly message?: string;
}

/** Half-second looks: a minute for each step. */
const mostTries = 120;

const finalizer = 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection';

/** Where drivers with credentials find them. */
const secretPattern = /^snapshot\.storage\.kubernetes\.io\/deletion-secret-/;

/** Bound to a snapshot that is not there: whoever ends it ends the storage system's snapshot. */
function endingContent({ driver, handle, content }: HeldSnapshot, name: string): JsonObject {
  const { annotations } = asObject(content['metadata']);
  const { sourceVolumeMode } = asObject(content['spec']);
  const secrets = Object.entries(asObject(annotations)).filter(([key]) => secretPattern.test(key));
  return {
    apiVersion: `${snapshotGroup}/v1`,
    kind: 'VolumeSnapshotContent',
    // Without a finalizer it could be gone before the driver has seen it.
    metadata: { name, annotations: Object.fromEntries(secrets), finalizers: [finalizer] },
    spec: {
      deletionPolicy: 'Delete',
      driver,
      source: { snapshotHandle: handle },
      ...(sourceVolumeMode === undefined ? {} : { sourceVolumeMode }),
      volumeSnapshotRef: { apiVersion: `${snapshotGroup}/v1`, kind: 'VolumeSnapshot', namespace: 'default', name },
    },
  };
}

async function hasDriver(client: ApiClient, name: string): Promise<boolean> {
  try {
    await getObject(client, { group: 'storage.k8s.io', version: 'v1', resource: 'csidrivers' }, { name });
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    throw error;
  }
}

class Deleting {
  private readonly how: DeletingSnapshots;
  private readonly name = `nowwhat-end-${randomBytes(5).toString('hex')}`;

  constructor(how: DeletingSnapshots) {
    this.how = how;
  }

  private async read(): Promise<JsonObject | undefined> {
    try {
      return await getObject(this.how.client, snapshotKinds.contents, { name: this.name });
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      throw error;
    }
  }

  /** Whether it came to that within its time. */
  private async until(isDone: (content: JsonObject | undefined) => boolean): Promise<boolean> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (isDone(await this.read())) return true;
      await this.how.sleep(500);
    }
    return false;
  }

  private async complaint(): Promise<string> {
    const { status } = (await this.read()) ?? {};
    const message = asString(asObject(asObject(status)['error'])['message']);
    return message === undefined ? '' : `: ${message}`;
  }

  async delete(snapshot: HeldSnapshot): Promise<string | undefined> {
    const { client } = this.how;
    if (!(await hasDriver(client, snapshot.driver))) return 'its driver is not in this cluster';
    await createObject(client, snapshotKinds.contents, endingContent(snapshot, this.name));
    // Taken up by the driver, also where it does not find it any more.
    await this.until((content) => Object.keys(asObject(content?.['status'])).length > 0);
    await deleteObject(client, snapshotKinds.contents, { name: this.name });
    if (await this.until((content) => content === undefined)) return undefined;
    return `its driver has not deleted it yet, and is asked to by the VolumeSnapshotContent ${this.name}${await this.complaint()}`;
  }
}

/** What could not be deleted is told; throws only where the cluster is gone. */
export async function deleteSnapshots(
  how: DeletingSnapshots,
  snapshots: readonly HeldSnapshot[],
): Promise<readonly DeletedSnapshot[]> {
  const results: DeletedSnapshot[] = [];
  for (const snapshot of snapshots) {
    const { content: _, ...told } = snapshot;
    how.progress(`deleting the snapshot of ${snapshot.claim}`);
    const message = await new Deleting(how).delete(snapshot).catch((error: unknown) => {
      if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
      return error.message;
    });
    results.push(message === undefined ? { ...told, result: 'deleted' } : { ...told, result: 'left', message });
  }
  return results;
}
