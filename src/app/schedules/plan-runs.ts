// Plans the objects of a schedule, of backups or of drills, and what the server says to each of them. Nothing is stored.

import { isApiError } from '../../api/index.ts';
import { checkScheduleName, fencePolicyName, type RunsWish, type ScheduleName } from '../../backup/index.ts';
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
import type { Outside } from '../outside.ts';
import { findOwned, requireOurs } from './find-owned.ts';
import type { RunsOrder, ScheduleChange } from './schedule-order.ts';

export const liveSource = sourceInCluster();

/** Where pods find the API server: behind its Service it listens at another port. Who may not ask gets the usual ones. */
export async function apiPortsOf({ client }: ConnectedCluster): Promise<readonly number[]> {
  const found = (await askApiEndpoints(client))?.ports ?? [6443, 8443];
  return [443, ...found];
}

export async function minorOf({ client }: ConnectedCluster): Promise<number> {
  const { gitVersion } = await client.request({ path: '/version' });
  return parseKubernetesVersion(asString(gitVersion) ?? '')?.minor ?? newestKnownMinor;
}

function reasonOf({ kind, name }: KubeObject): string {
  if (kind === 'NetworkPolicy' && name === fencePolicyName) return 'the fence: nothing gets in or out';
  const reasons: Readonly<Record<string, string>> = {
    CronJob: 'begins the runs',
    ServiceAccount: 'who the runs are',
    Namespace: 'stands ready for drills: empty between them, and closed',
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
  return `${isThere ? 'Change' : 'Make'} the schedule ${namespace}/${name}`;
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

/** What a schedule would consist of, and what to show of it besides. */
export interface Assembled<T> {
  readonly objects: readonly JsonObject[];
  /** Which Secret its runs use. */
  readonly wish: Pick<RunsWish, 'credentials'>;
  readonly shown: T;
}

type Assemble<T> = (cluster: ConnectedCluster, own: ScheduleName) => Promise<Assembled<T>>;

export type PlannedRuns<T> = ScheduleChange & { readonly objects: readonly JsonObject[] } & T;

/** Throws `UserError`; what the server refuses is in the answer. */
export async function planRuns<T>(
  { name, cluster: where, takeOver, making }: RunsOrder,
  outside: Outside,
  assemble: Assemble<T>,
): Promise<PlannedRuns<T>> {
  checkScheduleName(name);
  return await planInCluster({ cluster: where, takeOver }, outside, async (planning, cluster) => {
    const namespace = where.namespaces[0] ?? cluster.client.connection.namespace;
    await requireNamespace(cluster, namespace);
    const own = { namespace, name };
    const cronJob = await readLive(cluster, { apiVersion: 'batch/v1', kind: 'CronJob', ...own });
    if (cronJob !== undefined) requireOurs(own, cronJob);
    const { objects, wish, shown } = await assemble(cluster, own);
    const changes = await planObjects(objects, planning, cluster);
    const former = cronJob === undefined ? [] : await findOwned(cluster, own, cronJob);
    const removals = await planRemovals(cluster, obsolete(former, objects, wish), 'is not needed any more');
    const { schema: _, ...plan } = answer({
      changes: joined(changes, removals),
      cluster,
      making: { ...making, title: titleOf(own, cronJob !== undefined) },
    });
    return { action: 'create', ...own, isThere: cronJob !== undefined, ...plan, objects, ...shown };
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
  { credentials }: Pick<RunsWish, 'credentials'>,
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
