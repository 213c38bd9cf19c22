// Opens the cluster of a plan: the right one, with a look at its workloads before anything is changed.

import { createClient, discover, systemClock } from '../../../api/index.ts';
import { type Plan, UserError } from '../../../model/index.ts';
import { ClusterSite, type OpenCluster } from '../../../targets/index.ts';
import { type ClusterWish, connectCluster } from '../../cluster/open-cluster.ts';
import type { Outside } from '../../outside.ts';
import type { OpenSite, PlanWish } from '../plan-wish.ts';
import { WorkloadWatch } from '../watch-workloads.ts';

export interface ConnectedCluster extends OpenCluster {
  readonly site: ClusterSite;
  readonly context: string;
  readonly server: string;
  /** What the server warned of, each text once. */
  readonly warnings: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openCluster(wish: ClusterWish, outside: Outside): Promise<ConnectedCluster> {
  const connection = await connectCluster(wish, outside);
  const warnings: string[] = [];
  const { clock } = outside;
  const onWarning = (text: string): void => void warnings.push(text);
  const client = createClient(connection, { concurrency: wish.concurrency, onWarning, ...(clock && { clock }) });
  try {
    const opened = { client, discovery: await discover(client) };
    const { context, server } = connection;
    return { ...opened, site: new ClusterSite(opened), context, server, warnings, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The cluster that a plan was made for. Throws `plan-other-cluster` where the context leads to another one. */
export async function openPlanCluster(
  { target }: Plan,
  { cluster }: PlanWish,
  outside: Outside,
): Promise<ConnectedCluster> {
  if (target.kind !== 'cluster') throw new Error('the plan is about a folder');
  const opened = await openCluster({ ...cluster, context: cluster.context ?? target.context }, outside);
  if (opened.server === target.server) return opened;
  await opened.close();
  throw new UserError(
    'plan-other-cluster',
    `the plan was made for ${target.server}, and "${opened.context}" is ${opened.server}`,
    'Name the context of that cluster with --context, or make the plan anew.',
  );
}

export async function openClusterSite(plan: Plan, wish: PlanWish, outside: Outside): Promise<OpenSite> {
  const opened = await openPlanCluster(plan, wish, outside);
  const watch = new WorkloadWatch({
    cluster: opened,
    clock: outside.clock ?? systemClock,
    patience: wish.patience,
    tell: outside.progress,
  });
  await watch.remember(plan.steps);
  return {
    site: opened.site,
    settle: async (steps, after) => {
      if (after === 'undo') return await watch.untilBack(steps);
      return (await watch.untilReady(steps)) ?? (after === 'all' ? await watch.untilSure(steps) : undefined);
    },
    close: opened.close,
  };
}
