// Whether another run of a schedule was under way before the one that asks: begun by hand, it is none that the CronJob's controller counts.

import { createClient, discover, listAll, resourceOfKind } from '../../api/index.ts';
import { runOf, scheduleMark } from '../../backup/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';

/** Of two that began in one second the name decides, so that one of them goes on. */
function ageOf({ metadata }: JsonObject): string {
  const { creationTimestamp, name } = asObject(metadata);
  return `${asString(creationTimestamp) ?? ''} ${asString(name) ?? ''}`;
}

function nameOf({ metadata }: JsonObject): string {
  return asString(asObject(metadata)['name']) ?? '';
}

/** The Job of the other run, in the namespace that this one runs in. `job` is the own one's. */
export async function findOtherRun(
  wish: ClusterWish,
  { schedule, job }: { readonly schedule: string; readonly job: string },
  outside: Pick<Outside, 'environment'>,
): Promise<string | undefined> {
  const client = createClient(await connectCluster(wish, outside), { concurrency: wish.concurrency });
  try {
    const { namespace } = client.connection;
    const resource = resourceOfKind(await discover(client), 'batch/v1', 'Job');
    const { items } = await listAll(client, resource, { namespace, labelSelector: `${scheduleMark}=${schedule}` });
    const own = items.find((each) => nameOf(each) === job);
    if (own === undefined) return undefined;
    const earlier = items.filter((each) => runOf(each).result === 'running' && ageOf(each) < ageOf(own));
    return earlier.map(nameOf).at(0);
  } finally {
    await client.close();
  }
}
