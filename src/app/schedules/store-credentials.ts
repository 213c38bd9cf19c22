// The Secret that runs of a schedule open the store with: made of what this program would use itself, and never part of a plan, a record or an output.

import { readFile } from 'node:fs/promises';
import { applyObject, resourceOfKind } from '../../api/index.ts';
import { authorityKey, labelsOf, ownName, type ScheduleName, storeInPod } from '../../backup/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { withStore } from '../backups/with-store.ts';
import { openCluster } from '../plans/cluster/open-site.ts';
import type { Outside } from '../outside.ts';
import type { RunsOrder } from './schedule-order.ts';
import { fieldManager, type OpenCluster, readLive } from '../../targets/index.ts';

/** A backup must not hold what opens the store that it is in. */
const excludeLabel = 'velero.io/exclude-from-backup';

/** Holds secrets: never to be shown or written down. */
export interface StoreCredentials {
  readonly values: Readonly<Record<string, string>>;
}

/** Throws `UserError` where there are none, or such as end by themselves. */
export async function readCredentials(place: string, password: string | undefined): Promise<StoreCredentials> {
  return await withStore(place, async (store) => {
    if (store.access === undefined) throw new Error('a store of a schedule is a bucket');
    const { credentials } = await store.access();
    if (credentials.sessionToken !== undefined)
      throw new UserError(
        'invalid-option',
        'the credentials of this machine are temporary: runs of a schedule would soon be refused',
        'Use a Secret with lasting ones (--credentials-secret), or an identity of the cloud (--account-annotation).',
      );
    const { authorityFile } = storeInPod(place);
    return {
      values: {
        cloud: `[default]\naws_access_key_id=${credentials.accessKeyId}\naws_secret_access_key=${credentials.secretAccessKey}\n`,
        ...(password === undefined ? {} : { KOPIA_PASSWORD: password }),
        ...(authorityFile === undefined ? {} : { [authorityKey]: await readFile(authorityFile, 'utf8') }),
      },
    };
  });
}

function owner(cronJob: JsonObject): JsonObject {
  const { name, uid } = asObject(cronJob['metadata']);
  return { apiVersion: 'batch/v1', kind: 'CronJob', name: asString(name) ?? '', uid: asString(uid) ?? '' };
}

/** Belongs to the CronJob and goes with it, also where a plan is taken back. */
async function applyCredentials(
  cluster: OpenCluster,
  schedule: ScheduleName,
  { values }: StoreCredentials,
): Promise<void> {
  const { namespace, name } = schedule;
  const cronJob = await readLive(cluster, { apiVersion: 'batch/v1', kind: 'CronJob', namespace, name });
  if (cronJob === undefined)
    throw new UserError('plan-changed', `CronJob ${namespace}/${name} is gone`, 'Run it again.');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace,
      name: ownName(schedule),
      labels: { ...labelsOf(schedule), [excludeLabel]: 'true' },
      ownerReferences: [owner(cronJob)],
    },
    type: 'Opaque',
    stringData: { ...values },
  };
  const resource = resourceOfKind(cluster.discovery, 'v1', 'Secret');
  await applyObject(cluster.client, resource, secret, { fieldManager, force: true });
}

/** Throws `UserError`. Nothing of the values is told. */
export async function copyCredentials(
  { cluster: where, store, password }: RunsOrder,
  { namespace, name }: ScheduleName,
  outside: Outside,
): Promise<void> {
  const credentials = await readCredentials(store, password);
  const cluster = await openCluster(where, outside);
  try {
    await applyCredentials(cluster, { namespace, name }, credentials);
  } finally {
    await cluster.close();
  }
}
