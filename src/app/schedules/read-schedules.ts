// Schedules as they are: the CronJobs of a cluster, their last runs, and what the store has of them.

import { isApiError, listAll, resourceOfKind } from '../../api/index.ts';
import {
  type BackupSummary,
  type DrillRecord,
  readDrills,
  listBackups,
  type ScheduleName,
  type ScheduleView,
  scheduleMark,
  viewSchedule,
} from '../../backup/index.ts';
import { asArray, asObject, asString, type JsonObject, toText, UserError, valueAt } from '../../model/index.ts';
import { type OpenCluster, readLive } from '../../targets/index.ts';
import { withStore } from '../backups/with-store.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { openCluster } from '../plans/cluster/open-site.ts';
import type { Outside } from '../outside.ts';
import { requireOurs } from './find-owned.ts';
import { findMissingRights } from './missing-rights.ts';

/** What drills have shown of a backup, the last one. */
export interface LastDrill {
  readonly backup: string;
  /** ISO time. */
  readonly time: string;
  readonly holds: boolean;
}

/** Of the store, what a schedule has made last; or why that is not known: '' where nobody asked. */
export type LastBackup = Pick<BackupSummary, 'name' | 'phase' | 'started'> | { readonly unknown: string };

export interface ListedSchedule extends ScheduleView {
  /** Left out where there is none yet. */
  readonly lastBackup?: LastBackup;
  /** Of those backups, the last drill that the store has a record of, whoever made it. */
  readonly lastDrill?: LastDrill;
}

export interface DescribedSchedule extends ListedSchedule {
  /** What the last run said where it failed; '' where it said nothing. */
  readonly lastWords: string;
  /** What a run would have to read and may not: kinds that came after the schedule. */
  readonly missingRights: readonly string[];
  /** Of this schedule, the newest first. */
  readonly backups: readonly Pick<BackupSummary, 'name' | 'phase' | 'started'>[];
}

async function listMarked(
  { client, discovery }: OpenCluster,
  kind: 'CronJob' | 'Job',
  namespace: string,
): Promise<readonly JsonObject[]> {
  const where = namespace === '' ? {} : { namespace };
  const resource = resourceOfKind(discovery, 'batch/v1', kind);
  return (await listAll(client, resource, { ...where, labelSelector: scheduleMark })).items;
}

export interface StoreLook {
  /** How this machine reaches the store, where that is not as the runs do. */
  readonly store?: string | undefined;
  /** Nobody asks for it. */
  readonly skip: boolean;
}

type Found = { readonly backups: readonly BackupSummary[]; readonly drills: readonly DrillRecord[] };
type Backups = Found | { readonly unknown: string };

/** Each store once, whatever number of schedules use it. What it does not tell is no reason to tell nothing. */
class Stores {
  private readonly asked = new Map<string, Promise<Backups>>();
  private readonly look: StoreLook;

  constructor(look: StoreLook) {
    this.look = look;
  }

  /** A schedule of drills looks at the backups that it tries. */
  async backupsOf({ store, name, drill }: ScheduleView): Promise<Backups> {
    if (this.look.skip) return { unknown: '' };
    const place = this.look.store ?? store;
    const asking = this.asked.get(place) ?? this.ask(place);
    this.asked.set(place, asking);
    const found = await asking;
    if ('unknown' in found) return found;
    const backups = found.backups.filter((each) => each.schedule === (drill?.of ?? name));
    const names = new Set(backups.map((each) => each.name));
    return { backups, drills: found.drills.filter(({ backup }) => names.has(backup)) };
  }

  private async ask(place: string): Promise<Backups> {
    try {
      return await withStore(place, async (store) => ({
        backups: await listBackups(store),
        drills: await readDrills(store),
      }));
    } catch (error) {
      if (error instanceof UserError)
        return { unknown: `${error.message}; --store names it as this machine reaches it` };
      throw error;
    }
  }
}

function shortOf({ name, phase, started }: BackupSummary): Pick<BackupSummary, 'name' | 'phase' | 'started'> {
  return { name, phase, started };
}

function newest(found: Backups): LastBackup | undefined {
  if ('unknown' in found) return found;
  const [first] = found.backups.toSorted((a, b) => (a.started < b.started ? 1 : -1));
  return first === undefined ? undefined : shortOf(first);
}

function listed(view: ScheduleView, found: Backups): ListedSchedule {
  const lastBackup = newest(found);
  const [drilled] = 'unknown' in found ? [] : found.drills;
  const last = drilled && { backup: drilled.backup, time: drilled.time, holds: drilled.holds };
  return {
    ...view,
    ...(lastBackup === undefined ? {} : { lastBackup }),
    ...(last === undefined ? {} : { lastDrill: last }),
  };
}

async function withCluster<T>(
  wish: ClusterWish,
  outside: Outside,
  act: (cluster: OpenCluster) => Promise<T>,
): Promise<T> {
  const cluster = await openCluster(wish, outside);
  try {
    return await act(cluster);
  } finally {
    await cluster.close();
  }
}

/** Of one namespace, or of all; by name. */
export async function findSchedules(
  wish: ClusterWish,
  look: StoreLook,
  outside: Outside,
): Promise<readonly ListedSchedule[]> {
  const now = Date.now();
  return await withCluster(wish, outside, async (cluster) => {
    const own = wish.namespaces[0] ?? cluster.client.connection.namespace;
    const where = wish.allNamespaces ? '' : own;
    const [found, made] = [await listMarked(cluster, 'CronJob', where), await listMarked(cluster, 'Job', where)];
    const views = found.flatMap((each) => viewSchedule(each, made, now) ?? []);
    const stores = new Stores(look);
    outside.progress('asking the store');
    return await Promise.all(views.map(async (view) => listed(view, await stores.backupsOf(view))));
  });
}

/** Throws `schedule-missing`. */
export async function requireSchedule(
  cluster: OpenCluster,
  { namespaces }: ClusterWish,
  name: string,
): Promise<{ readonly own: ScheduleName; readonly cronJob: JsonObject }> {
  const own = { namespace: namespaces[0] ?? cluster.client.connection.namespace, name };
  const cronJob = await readLive(cluster, { apiVersion: 'batch/v1', kind: 'CronJob', ...own });
  if (cronJob === undefined)
    throw new UserError(
      'schedule-missing',
      `there is no schedule ${own.namespace}/${name}`,
      'See which there are: nowwhat schedule get -A --context CONTEXT.',
    );
  requireOurs(own, cronJob);
  return { own, cronJob };
}

/** Jobs of runs, as they are listed. */
export async function readRuns(cluster: OpenCluster, { namespace }: ScheduleName): Promise<readonly JsonObject[]> {
  return await listMarked(cluster, 'Job', namespace);
}

/** What the container said at its end. Who may not list pods is not told. */
async function lastWordsOf({ client, discovery }: OpenCluster, { namespace, runs }: ScheduleView): Promise<string> {
  const [last] = runs;
  if (last === undefined || last.result === 'succeeded') return '';
  try {
    const { items } = await listAll(client, resourceOfKind(discovery, 'v1', 'Pod'), {
      namespace,
      labelSelector: `batch.kubernetes.io/job-name=${last.job}`,
    });
    const ended = items.flatMap((pod) => asArray(valueAt(pod, ['status', 'containerStatuses'])).map(asObject));
    const words = ended.map(
      (status) => asString(valueAt(status, ['state', 'terminated', 'message'])) ?? waitingOf(status),
    );
    return words.findLast((each) => each !== '')?.trim() ?? '';
  } catch (error) {
    if (isApiError(error, 403)) return '';
    throw error;
  }
}

function waitingOf(status: JsonObject): string {
  const { reason, message } = asObject(valueAt(status, ['state', 'waiting']));
  return reason === undefined ? '' : `${toText(reason)} ${asString(message) ?? ''}`.trim();
}

/** Throws `schedule-missing`. */
export async function describeSchedule(
  wish: ClusterWish,
  name: string,
  look: StoreLook,
  outside: Outside,
): Promise<DescribedSchedule> {
  return await withCluster(wish, outside, async (cluster) => {
    const { own, cronJob } = await requireSchedule(cluster, wish, name);
    const view = viewSchedule(cronJob, await readRuns(cluster, own), Date.now());
    if (view === undefined) throw new Error('a schedule of ours is one');
    const found = await new Stores(look).backupsOf(view);
    const backups = 'unknown' in found ? [] : found.backups;
    return {
      ...listed(view, found),
      lastWords: await lastWordsOf(cluster, view),
      missingRights: await findMissingRights(cluster, own, cronJob),
      backups: backups.map(shortOf).toSorted((a, b) => (a.started < b.started ? 1 : -1)),
    };
  });
}
