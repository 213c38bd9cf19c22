// Plans a schedule of backups: what a run would do, and the objects that it needs. Nothing is stored.

import {
  assembleSchedule,
  parsePolicies,
  type ScheduleWish,
  selectionOfSpec,
  storeInPod,
  toCronJobTime,
} from '../../backup/index.ts';
import { nextRuns } from '../../kube/next-runs.ts';
import type { ConnectedCluster } from '../plans/cluster/open-site.ts';
import type { Outside } from '../outside.ts';
import { nameOfPolicies, readPolicyText } from '../backups/resource-policies.ts';
import { lookAtCredentials } from './look-at-credentials.ts';
import { lookAhead } from './look-ahead.ts';
import { apiPortsOf, planRuns } from './plan-runs.ts';
import type { PlannedSchedule, ScheduleOrder, ScheduleOutlook } from './schedule-order.ts';
import { deletesBackups, remarksOf, specOf, volumeChoiceOf, wishOf } from './wish-of-order.ts';

interface Looked {
  readonly wish: ScheduleWish;
  readonly outlook: ScheduleOutlook;
}

function nameOf({ policies }: ScheduleOrder): string {
  return policies === undefined ? '' : nameOfPolicies(policies);
}

async function look(order: ScheduleOrder, cluster: ConnectedCluster, namespace: string): Promise<Looked> {
  const spec = specOf(order, namespace);
  const { hooks, dumps, holds } = order;
  const { concurrency } = order.cluster;
  const rules = order.policies && (await readPolicyText(cluster.client, order.policies));
  const policies = rules === undefined ? undefined : parsePolicies(rules, nameOf(order));
  const looking = { ...volumeChoiceOf(order), hooks, dumps, holds, spec, policies, concurrency };
  const ahead = await lookAhead(cluster.client, { ...looking, deletesBackups: deletesBackups(order) });
  const credentials = await lookAtCredentials(order, cluster.client, namespace);
  const known = { namespace, spec, ahead, rules, credentials, apiPorts: await apiPortsOf(cluster) };
  const wish = wishOf(order, known);
  const { access: _, ...rest } = ahead;
  const outlook: ScheduleOutlook = {
    ...rest,
    namespaces: selectionOfSpec(spec).includedNamespaces ?? [],
    store: order.store,
    next: nextRuns(wish.time, Date.parse(order.making.now), 3),
    ...(credentials === undefined ? {} : { credentials }),
    notKept: order.file?.notKept ?? [],
    remarks: remarksOf(order, known),
  };
  return { wish, outlook };
}

/** Throws `UserError`; what the server refuses is in the answer. */
export async function planSchedule(order: ScheduleOrder, outside: Outside): Promise<PlannedSchedule> {
  toCronJobTime(order.schedule);
  storeInPod(order.store);
  return await planRuns(order, outside, async (cluster, { namespace }) => {
    outside.progress('looking at what a run would save');
    const { wish, outlook } = await look(order, cluster, namespace);
    const { access: _access, ...rest } = wish;
    return { objects: assembleSchedule(wish), wish, shown: { wish: rest, outlook } };
  });
}
