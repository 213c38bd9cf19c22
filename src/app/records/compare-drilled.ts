// Whether an app has changed since the backup that a schedule of drills has tried: by a cluster, or by the newest backup of the same schedule.

import type { BackupDiff, Store } from '../../backup/index.ts';
import { type Proof, UserError } from '../../model/index.ts';
import { withStore } from '../backups/backups.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Outside } from '../read-app.ts';
import { chooseBackup } from '../restores/restore-inputs.ts';
import { compareBackup, type DiffAnswer, type DiffWish } from '../backups/saved-objects.ts';

export interface DrilledBackup {
  /** As the user names it: a folder or `s3://…`. */
  readonly store: string;
  readonly backup: string;
  /** The backup schedule that has made it. */
  readonly schedule: string;
}

type Comparison = NonNullable<Proof['comparison']>;
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

/** `place`: where the app is as it was found: `the cluster prod`. */
function toComparison(answer: DiffAnswer, place: string): Comparison {
  const different = inNamespaces(answer);
  const sealed = answer.sealed === 0 ? '' : `; ${answer.sealed} sealed Secrets could not be compared`;
  if (different.length === 0) return { text: `the app in ${place} is as in ${answer.before}${sealed}`, changed: false };
  return {
    text: `the app in ${place} is not as in ${answer.before}: ${nameObjects(different)}${sealed}`,
    changed: true,
  };
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
  const answer = await differ(drilled, { cluster }, outside);
  const isThere = answer.same > 0 || answer.differences.some(({ change }) => change === 'changed');
  return isThere && answer.problems.length === 0 ? toComparison(answer, `the cluster ${answer.after}`) : undefined;
}

async function findNewest(store: Store, schedule: string): Promise<string> {
  return (await chooseBackup(store, { schedule, allowPartiallyFailed: false })).name;
}

async function compareStored(drilled: DrilledBackup, outside: Outside): Promise<Comparison> {
  const backup = await withStore(drilled.store, (store) => findNewest(store, drilled.schedule));
  if (backup === drilled.backup)
    return {
      text: `${backup} is the newest backup of ${drilled.schedule}: nothing later tells of changes`,
      changed: false,
    };
  return toComparison(await differ(drilled, { backup }, outside), `the backup ${backup}`);
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
