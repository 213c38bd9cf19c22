// Plans a schedule: what a run would do, the objects that it needs, and what the server says to each of them. Nothing is stored.

import { isApiError } from '../../api/index.ts';
import {
  assembleSchedule,
  checkScheduleName,
  nextRuns,
  parsePolicies,
  type ScheduleName,
  type ScheduleWish,
  selectionOfSpec,
  storeInPod,
  toCronJobTime,
} from '../../backup/index.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { newestKnownMinor, parseKubernetesVersion } from '../../kube/versions.ts';
import { asObject, asString, type JsonObject, kubectlCommand, type KubeObject, UserError } from '../../model/index.ts';
import { readLive } from '../../targets/index.ts';
import { askApiEndpoints } from '../network/api-endpoints.ts';
import { answer, planInCluster } from '../plans/cluster/cluster-plan.ts';
import type { ConnectedCluster } from '../plans/cluster/open-site.ts';
import { planChanges, type PlannedChanges } from '../plans/cluster/plan-changes.ts';
import { planRemovals } from '../plans/cluster/plan-removals.ts';
import type { ChangePlanning } from '../plans/cluster/try-change.ts';
import type { Outside } from '../read-app.ts';
import { nameOfPolicies, readPolicyText } from '../resource-policies.ts';
import { findOwned, requireOurs } from './find-owned.ts';
import { lookAtCredentials } from './look-at-credentials.ts';
import { lookAhead } from './look-ahead.ts';
import type { PlannedSchedule, ScheduleOrder, ScheduleOutlook } from './schedule-order.ts';
import { deletesBackups, remarksOf, specOf, volumeChoiceOf, wishOf } from './wish-of-order.ts';

export const liveSource = sourceInCluster();

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

/** Where pods find the API server: behind its Service it listens at another port. Who may not ask gets the usual ones. */
async function apiPortsOf({ client }: ConnectedCluster): Promise<readonly number[]> {
  const found = (await askApiEndpoints(client))?.ports ?? [6443, 8443];
  return [443, ...found];
}

export async function minorOf({ client }: ConnectedCluster): Promise<number> {
  const { gitVersion } = await client.request({ path: '/version' });
  return parseKubernetesVersion(asString(gitVersion) ?? '')?.minor ?? newestKnownMinor;
}

function reasonOf({ kind }: KubeObject): string {
  const reasons: Readonly<Record<string, string>> = {
    CronJob: 'runs the backup',
    ServiceAccount: 'who the runs are',
    NetworkPolicy: 'lets the runs out to the API server and the store, and nobody in',
  };
  return reasons[kind] ?? 'what a run reads and does, by name, and nothing else';
}

async function planObjects(
  objects: readonly JsonObject[],
  planning: Omit<ChangePlanning, 'minor'>,
  cluster: ConnectedCluster,
): Promise<PlannedChanges> {
  const changes = objects.map((raw) => {
    const object = toObject(raw, liveSource, '');
    return {
      object,
      isNew: true,
      parts: [{ reason: reasonOf(object), closes: [], owner: 'developer' as const, edits: [] }],
    };
  });
  return await planChanges(changes, { ...planning, minor: await minorOf(cluster) });
}

function titleOf({ namespace, name }: ScheduleName, isThere: boolean): string {
  return `${isThere ? 'Change' : 'Make'} the backup schedule ${namespace}/${name}`;
}

/** Who may not read it is believed. */
async function requireNamespace(cluster: ConnectedCluster, name: string): Promise<void> {
  try {
    const ref = { apiVersion: 'v1', kind: 'Namespace', namespace: '', name };
    if ((await readLive(cluster, ref)) !== undefined) return;
  } catch (error) {
    if (isApiError(error, 403)) return;
    throw error;
  }
  const command = kubectlCommand(['create', 'namespace', name], cluster.client.connection);
  throw new UserError('invalid-option', `there is no namespace ${name}`, `Make it: ${command}`);
}

/** Throws `UserError`; what the server refuses is in the answer. */
export async function planSchedule(order: ScheduleOrder, outside: Outside): Promise<PlannedSchedule> {
  checkScheduleName(order.name);
  toCronJobTime(order.schedule);
  storeInPod(order.store);
  const { cluster: where, takeOver } = order;
  return await planInCluster({ cluster: where, takeOver }, outside, async (planning, cluster) => {
    const namespace = where.namespaces[0] ?? cluster.client.connection.namespace;
    await requireNamespace(cluster, namespace);
    const own = { namespace, name: order.name };
    const cronJob = await readLive(cluster, { apiVersion: 'batch/v1', kind: 'CronJob', ...own });
    if (cronJob !== undefined) requireOurs(own, cronJob);
    outside.progress('looking at what a run would save');
    const { wish, outlook } = await look(order, cluster, namespace);
    const objects = assembleSchedule(wish);
    const changes = await planObjects(objects, planning, cluster);
    const former = cronJob === undefined ? [] : await findOwned(cluster, own, cronJob);
    const removals = await planRemovals(cluster, obsolete(former, objects, wish), 'is not needed any more');
    const all = joined(changes, removals);
    const { schema: _, ...plan } = answer({
      changes: all,
      cluster,
      making: { ...order.making, title: titleOf(own, cronJob !== undefined) },
    });
    const { access: _access, ...rest } = wish;
    return { action: 'create', ...own, isThere: cronJob !== undefined, ...plan, wish: rest, outlook, objects };
  });
}

function joined(changes: PlannedChanges, removals: Omit<PlannedChanges, 'answers'>): PlannedChanges {
  return {
    steps: [...changes.steps, ...removals.steps],
    inputs: [...changes.inputs, ...removals.inputs],
    previews: [...changes.previews, ...removals.previews],
    refused: [...changes.refused, ...removals.refused],
    answers: changes.answers,
  };
}

/** What was made for an earlier form of the schedule. */
function obsolete(
  former: readonly JsonObject[],
  objects: readonly JsonObject[],
  { credentials }: ScheduleWish,
): readonly JsonObject[] {
  const keyOf = ({ kind, metadata }: JsonObject): string => {
    const { namespace, name } = asObject(metadata);
    return JSON.stringify([kind, namespace, name]);
  };
  const wanted = new Set(objects.map(keyOf));
  const isUsed = ({ kind, metadata }: JsonObject): boolean =>
    kind === 'Secret' && asObject(metadata)['name'] === credentials?.secret;
  return former.filter((each) => !wanted.has(keyOf(each)) && !isUsed(each));
}
