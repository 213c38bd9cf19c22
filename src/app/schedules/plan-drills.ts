// Plans a schedule of drills: which namespaces stand ready for them, what they may do there, and what the server says to it. Nothing is stored.

import {
  accessOfDrills,
  assembleDrills,
  drillLabel,
  type DrillProbe,
  type DrillsWish,
  fenceNameOf,
  isOf,
  parseProbes,
  type ScheduleName,
  storeInPod,
  toCronJobTime,
  viewSchedule,
} from '../../backup/index.ts';
import { nextRuns } from '../../kube/next-runs.ts';
import { asObject, asString, UserError } from '../../model/index.ts';
import { type OpenCluster, readLive } from '../../targets/index.ts';
import type { ConnectedCluster } from '../plans/cluster/open-site.ts';
import type { Outside } from '../outside.ts';
import { lookAtCredentials } from './look-at-credentials.ts';
import { apiPortsOf, planRuns } from './plan-runs.ts';
import type { DrillsOrder, DrillsOutlook, PlannedDrills } from './schedule-order.ts';
import { runsOf } from './wish-of-order.ts';

/** Those that are named, or those that the backup schedule beside it names one by one. Throws `UserError`. */
async function namespacesOf(order: DrillsOrder, cluster: OpenCluster, namespace: string): Promise<readonly string[]> {
  if (order.namespaces.length > 0) return order.namespaces;
  const cronJob = await readLive(cluster, { apiVersion: 'batch/v1', kind: 'CronJob', namespace, name: order.of });
  const view = cronJob && viewSchedule(cronJob, [], 0);
  const names = view === undefined || view.drill !== undefined ? [] : view.includes;
  if (names.length > 0 && names.every((name) => /^[a-z0-9-]+$/.test(name))) return names;
  throw new UserError(
    'invalid-option',
    view === undefined
      ? `there is no backup schedule ${namespace}/${order.of} that says which namespaces are in its backups`
      : `the backup schedule ${namespace}/${order.of} does not name its namespaces one by one`,
    'Name those that are to be tried with --include-namespaces: one stands ready for each.',
  );
}

/** A drill empties it: what is there must be known to be ours. */
async function requireFree(cluster: OpenCluster, own: ScheduleName, name: string): Promise<void> {
  const live = await readLive(cluster, { apiVersion: 'v1', kind: 'Namespace', namespace: '', name });
  const isFence = live !== undefined && asObject(asObject(live['metadata'])['labels'])[drillLabel] === 'true';
  if (live === undefined || (isFence && isOf(own, live))) return;
  throw new UserError(
    'invalid-option',
    `the namespace ${name} is there, and was not made for these drills`,
    'A drill removes all that is in it: choose another name for the schedule.',
  );
}

const admission = /^pod-security\.kubernetes\.io\//;

/** How strictly the app's own namespace admits pods: the copy is no laxer. Nothing where it is not there. */
async function admissionOf(cluster: OpenCluster, name: string): Promise<Readonly<Record<string, string>>> {
  const live = await readLive(cluster, { apiVersion: 'v1', kind: 'Namespace', namespace: '', name });
  const labels = Object.entries(asObject(asObject(live?.['metadata'])['labels']));
  return Object.fromEntries(
    labels.flatMap(([key, each]) => (admission.test(key) ? [[key, asString(each) ?? '']] : [])),
  );
}

/** Throws `UserError`, also where a probe is for a namespace that is not tried. */
function probesOf({ probes }: DrillsOrder, namespaces: readonly string[]): readonly DrillProbe[] {
  if (probes === undefined) return [];
  const parsed = parseProbes(probes, '--probes');
  const lost = parsed.find(({ namespace }) =>
    namespace === undefined ? namespaces.length > 1 : !namespaces.includes(namespace),
  );
  if (lost === undefined) return parsed;
  const what = lost.namespace === undefined ? 'says no namespace' : `is for the namespace "${lost.namespace}"`;
  throw new UserError('invalid-option', `the probe "${lost.name}" ${what}`, `Name one of ${namespaces.join(', ')}.`);
}

function remarksOf(order: DrillsOrder, { access, credentials }: DrillsWish): string[] {
  const isUnseen = credentials !== undefined && credentials.keys.length === 0;
  return [
    'in there its account may do what any app may: run its pods, and give rights in there. Outside of it, it may do nothing in the cluster but what is listed',
    ...(!access.inCluster.some(({ resources }) => resources.includes('volumesnapshotcontents'))
      ? []
      : ['contents of snapshots are of the whole cluster: its account may change and remove those of others, too']),
    ...(order.restoresVolumes ? [] : ['data of volumes do not come back: nothing is shown of them']),
    ...(isUnseen
      ? [
          `the Secret ${credentials.secret} is not there, or may not be looked at: it must be there before the first run`,
        ]
      : []),
  ];
}

interface Looked {
  readonly wish: DrillsWish;
  readonly outlook: DrillsOutlook;
}

async function look(order: DrillsOrder, cluster: ConnectedCluster, own: ScheduleName): Promise<Looked> {
  const names = await namespacesOf(order, cluster, own.namespace);
  const probes = probesOf(order, names);
  const fences = names.map((name) => [name, fenceNameOf(order.name, name)] as const);
  for (const [, to] of fences) await requireFree(cluster, own, to);
  const labels = await Promise.all(names.map(async (name) => [name, await admissionOf(cluster, name)] as const));
  const credentials = await lookAtCredentials(order, cluster.client, own.namespace);
  const access = accessOfDrills({
    discovery: cluster.discovery,
    fences: fences.map(([, to]) => to),
    restoresVolumes: order.restoresVolumes,
    runsCommands: probes.some(({ act }) => act.type === 'exec'),
    asksPods: probes.some(({ act }) => act.type === 'http'),
  });
  const runs = runsOf(order, { namespace: own.namespace, credentials, access, apiPorts: await apiPortsOf(cluster) });
  const wish: DrillsWish = {
    ...runs,
    of: order.of,
    fences,
    labels: Object.fromEntries(labels),
    probes: order.probes,
    words: ['--context', '.', '--store', storeInPod(order.store).place, '--yes', ...order.words],
  };
  const shown = { of: order.of, fences, probes, restoresVolumes: order.restoresVolumes, store: order.store };
  const outlook: DrillsOutlook = {
    ...shown,
    next: nextRuns(wish.time, Date.parse(order.making.now), 3),
    ...(credentials === undefined ? {} : { credentials }),
    remarks: remarksOf(order, wish),
  };
  return { wish, outlook };
}

/** Throws `UserError`; what the server refuses is in the answer. */
export async function planDrills(order: DrillsOrder, outside: Outside): Promise<PlannedDrills> {
  toCronJobTime(order.schedule);
  storeInPod(order.store);
  return await planRuns(order, outside, async (cluster, own) => {
    const { wish, outlook } = await look(order, cluster, own);
    const { access: _access, ...rest } = wish;
    return { objects: assembleDrills(wish), wish, shown: { wish: rest, outlook } };
  });
}
