// The use case of a move to another cluster: both are read, and the plan of the cut-over is made. Nothing is written.

import { findResource, getObject, isApiError, listAll } from '../../api/index.ts';
import { assembleMigration, type Migration, type MigrationWish, readLiveSource } from '../../backup/index.ts';
import { asObject, asString, UserError } from '../../model/index.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { clusterOf, reach, type Reached, withClosing } from '../cluster/reach-cluster.ts';
import type { Outside } from '../outside.ts';

export interface MigrationOrder {
  readonly cluster: ClusterWish;
  readonly to: ClusterWish;
  readonly namespace: string;
  readonly wish: MigrationWish;
}

async function namesOf({ client, discovery }: Reached, kind: string): Promise<ReadonlySet<string>> {
  const resource = findResource(discovery, kind);
  if (resource === undefined) return new Set();
  const { items } = await listAll(client, resource);
  return new Set(items.map(({ metadata }) => asString(asObject(metadata)['name']) ?? ''));
}

async function hasNamespace({ client }: Reached, name: string): Promise<boolean> {
  try {
    await getObject(client, { group: '', version: 'v1', resource: 'namespaces' }, { name });
    return true;
  } catch (error) {
    if (isApiError(error, 404)) return false;
    throw error;
  }
}

/** Throws `UserError` where a cluster is not there, or both are one. */
export function planMigration(order: MigrationOrder, outside: Outside, now: () => number): Promise<Migration> {
  return withClosing(async (closing) => {
    const [from, to] = [await reach(order.cluster, outside, closing), await reach(order.to, outside, closing)];
    if ((await clusterOf(from)) === (await clusterOf(to)))
      throw new UserError(
        'invalid-option',
        'both contexts lead to one cluster',
        'Use nowwhat clone for a copy in the same cluster.',
      );
    const { namespace, cluster, wish } = order;
    outside.progress(`reading ${namespace}`);
    const source = await readLiveSource({
      ...from,
      namespace,
      concurrency: cluster.concurrency,
      now: () => new Date(now()).toISOString(),
    });
    const kinds = to.discovery.resources.map(
      ({ group, version, kind }) => `${group === '' ? '' : `${group}/`}${version} ${kind}`,
    );
    const target = {
      storageClasses: await namesOf(to, 'storageclasses'),
      ingressClasses: await namesOf(to, 'ingressclasses'),
      kinds: new Set(kinds),
      hasNamespace: await hasNamespace(to, namespace),
    };
    return assembleMigration(source, wish, target);
  });
}
