// Whether an app has changed since the backup that a schedule of drills has tried: by a cluster, or by the newest backup of the same schedule.

import type { BackupDiff, BackupSummary, Store } from '../../backup/index.ts';
import { type Comparison, UserError } from '../../model/index.ts';
import { withStore } from '../backups/with-store.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { chooseBackup } from '../restores/restore-inputs.ts';
import { compareBackup, type DiffAnswer, type DiffWish } from '../backups/saved-objects.ts';

export interface DrilledBackup {
  /** As the user names it: a folder or `s3://…`. */
  readonly store: string;
  readonly backup: string;
  /** The backup schedule that has made it. */
  readonly schedule: string;
}

type Differences = BackupDiff['differences'];

const shownObjects = 3;

/** A drill shows nothing of what stands in no namespace. */
function inNamespaces({ differences }: DiffAnswer): Differences {
  return differences.filter(({ namespace }) => namespace !== '');
}

function nameObjects(differences: Differences): string {
  const names = differences.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
  const more = names.length - shownObjects;
  return `${names.slice(0, shownObjects).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Where and when the app was as it was found: `the cluster prod`. */
interface Look {
  readonly place: string;
  /** ISO time. */
  readonly time: string;
}

function toComparison(answer: DiffAnswer, { place, time }: Look): Comparison {
  const different = inNamespaces(answer);
  const sealed = answer.sealed === 0 ? '' : `; ${answer.sealed} sealed Secrets could not be compared`;
  const changed = different.length > 0;
  const found = changed ? `is not as in ${answer.before}: ${nameObjects(different)}` : `is as in ${answer.before}`;
  return { text: `the app in ${place} ${found}${sealed}`, changed, time };
}

function differ({ store, backup }: DrilledBackup, after: DiffWish['after'], outside: Outside): Promise<DiffAnswer> {
  return compareBackup({ store, before: backup, after, filter: {}, keepStatus: false, all: false }, outside);
}

/** Nothing where the cluster does not tell all, or is not the one that holds the app. */
async function compareLive(
  drilled: DrilledBackup,
  cluster: ClusterWish,
  outside: Outside,
): Promise<Comparison | undefined> {
  // To the second, as backups tell theirs.
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const answer = await differ(drilled, { cluster }, outside);
  const isThere = answer.same > 0 || answer.differences.some(({ change }) => change === 'changed');
  const look = { place: `the cluster ${answer.after}`, time };
  return isThere && answer.problems.length === 0 ? toComparison(answer, look) : undefined;
}

async function findNewest(store: Store, schedule: string): Promise<BackupSummary> {
  return (await chooseBackup(store, { schedule, allowPartiallyFailed: false })).summary;
}

async function compareStored(drilled: DrilledBackup, outside: Outside): Promise<Comparison> {
  const newest = await withStore(drilled.store, (store) => findNewest(store, drilled.schedule));
  const { name: backup, started: time } = newest;
  if (backup !== drilled.backup)
    return toComparison(await differ(drilled, { backup }, outside), { place: `the backup ${backup}`, time });
  const text = `${backup} is the newest backup of ${drilled.schedule}: nothing later tells of changes`;
  return { text, changed: false, time };
}

/** What tells of the later moment counts: a change that the cluster has shown is not taken back by a backup that is older, nor by one that cannot be read. */
export function laterOf(earlier: Comparison | undefined, latest: Comparison): Comparison {
  if (earlier?.time === undefined) return latest;
  const tellsNothing = latest.time === undefined && earlier.changed;
  return tellsNothing || (latest.time !== undefined && latest.time < earlier.time) ? earlier : latest;
}

/** Where neither can be looked at, it says so, and the proof only ages. */
export async function compareDrilled(
  drilled: DrilledBackup,
  cluster: ClusterWish | undefined,
  outside: Outside,
): Promise<Comparison> {
  try {
    const live = cluster === undefined ? undefined : await compareLive(drilled, cluster, outside);
    return live ?? (await compareStored(drilled, outside));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      text: `whether the app has changed since is not known, only its age counts: ${error.message}`,
      changed: false,
    };
  }
}
