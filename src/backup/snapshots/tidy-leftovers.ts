// Snapshots of backups that were cut off: their objects are still in the cluster, and go.

import { type ApiClient, findResource, discover, listAll, objectNameOf } from '../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { backupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { discardSnapshot, releaseSnapshot } from './take-snapshots.ts';
import { ownMarks, snapshotResource } from './snapshot-words.ts';

export interface TidyingSnapshots {
  readonly client: ApiClient;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The backup that is to be written: what an earlier writer of the name has left goes at once. */
  readonly backup: string;
  readonly namespaces: Iterable<string>;
}

/** Nobody writes a backup for so long: the volumes of one may take four hours each. */
const longest = 24 * 3_600_000;

interface Leftover {
  readonly object: JsonObject;
  readonly backup: string;
  readonly made: number;
}

/** Only those of backups that go to this store: of others nobody here knows whether they are one. */
async function findLeftovers({ client, store, namespaces }: TidyingSnapshots): Promise<Leftover[]> {
  const resource = findResource(await discover(client), snapshotResource);
  if (resource === undefined) return [];
  const lists = await Promise.all(
    [...new Set(namespaces)].map((namespace) =>
      listAll(client, resource, { namespace, labelSelector: ownMarks.label }),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .flatMap((object) => {
      const { annotations, creationTimestamp } = asObject(object['metadata']);
      const { [ownMarks.backup]: backup, [ownMarks.store]: place } = asObject(annotations);
      const made = Date.parse(asString(creationTimestamp) ?? '');
      return typeof backup === 'string' && place === store.place ? [{ object, backup, made }] : [];
    });
}

/** What was done, in words; of a backup that is there the storage system keeps the snapshot. */
export async function tidySnapshots(how: TidyingSnapshots): Promise<readonly string[]> {
  const { client, store, now, backup: own } = how;
  const told: string[] = [];
  for (const { object, backup, made } of await findLeftovers(how)) {
    const { namespace = '', name } = objectNameOf(object);
    const place = { namespace, name };
    const isThere = (await store.size(backupKeys(store.prefix, backup).backup)) !== undefined;
    if (isThere) await releaseSnapshot(client, place);
    else if (backup === own || now - made > longest) await discardSnapshot(client, place);
    else continue;
    const what = isThere ? 'whose snapshot stays in the storage system,' : 'which was cut off,';
    told.push(`the VolumeSnapshot ${namespace}/${name} of the backup ${backup}, ${what} was removed`);
  }
  return told;
}
