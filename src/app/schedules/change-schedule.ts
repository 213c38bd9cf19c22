// Plans what becomes of a schedule that is there: paused, going on, or gone. Nothing is stored.

import { missedRun, viewSchedule } from '../../backup/index.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import type { Edit, JsonObject } from '../../model/index.ts';
import { UserError } from '../../model/index.ts';
import { answer, planInCluster } from '../plans/cluster/cluster-plan.ts';
import type { ConnectedCluster } from '../plans/cluster/open-site.ts';
import { planChanges, type PlannedChanges } from '../plans/cluster/plan-changes.ts';
import { planRemovals } from '../plans/cluster/plan-removals.ts';
import type { ChangePlanning } from '../plans/cluster/try-change.ts';
import type { PlanMaking } from '../plans/plan-made.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { findOwned } from './find-owned.ts';
import { liveSource, minorOf } from './plan-runs.ts';
import { startWithin } from './wish-of-order.ts';
import { readRuns, requireSchedule } from './read-schedules.ts';
import type { ScheduleChange } from './schedule-order.ts';

export interface ScheduleChangeWish {
  readonly cluster: ClusterWish;
  readonly name: string;
  readonly action: 'pause' | 'unpause' | 'delete';
  /** What was missed in the pause is not made up for. */
  readonly skipImmediately: boolean;
  readonly takeOver: readonly string[];
  readonly making: Omit<PlanMaking, 'title'>;
}

export interface PlannedChange extends ScheduleChange {
  /** ISO time of a run that was missed and begins at once; left out where none does. */
  readonly missed?: string;
  /** The Secret that was made for it goes with the CronJob, and no undoing brings its values back. */
  readonly losesSecret: boolean;
}

const titles = { pause: 'Pause', unpause: 'Unpause', delete: 'Delete' } as const;

function editsOf({ action, skipImmediately }: ScheduleChangeWish): readonly Edit[] {
  const suspend: Edit = { op: 'set', path: ['spec', 'suspend'], value: action === 'pause' };
  const deadline: Edit = { op: 'set', path: ['spec', 'startingDeadlineSeconds'], value: startWithin.skipping };
  return action === 'unpause' && skipImmediately ? [suspend, deadline] : [suspend];
}

async function switched(
  wish: ScheduleChangeWish,
  cronJob: JsonObject,
  planning: Omit<ChangePlanning, 'minor'>,
  cluster: ConnectedCluster,
): Promise<PlannedChanges> {
  const reason = wish.action === 'pause' ? 'no run begins until it is unpaused' : 'runs begin at their times again';
  const parts = [{ reason, closes: [], owner: 'developer' as const, edits: editsOf(wish) }];
  const change = { object: toObject(cronJob, liveSource, ''), isNew: false, parts };
  return await planChanges([change], { ...planning, minor: await minorOf(cluster) });
}

/** Runs would lose their rights in the middle, and leave pods behind. */
function requireIdle(name: string, cronJob: JsonObject, jobs: readonly JsonObject[]): void {
  const running = viewSchedule(cronJob, jobs, 0)?.runs.find(({ result }) => result === 'running');
  if (running === undefined) return;
  throw new UserError(
    'schedule-busy',
    `a run of ${name} is under way: Job ${running.job}`,
    'Wait until it has ended, or delete that Job first.',
  );
}

function missedOf({ action, skipImmediately }: ScheduleChangeWish, cronJob: JsonObject): { missed?: string } {
  const missed = action === 'unpause' && !skipImmediately ? missedRun(cronJob, Date.now()) : undefined;
  return missed === undefined ? {} : { missed };
}

/** Its owner is the CronJob: the cluster removes it by itself. */
function isSecret({ kind }: JsonObject): boolean {
  return kind === 'Secret';
}

/** Throws `schedule-missing`, and `schedule-busy` for one that is to be deleted while it runs. */
export async function planScheduleChange(wish: ScheduleChangeWish, outside: Outside): Promise<PlannedChange> {
  const { cluster: where, name, action, takeOver, making } = wish;
  return await planInCluster({ cluster: where, takeOver }, outside, async (planning, cluster) => {
    const { own, cronJob } = await requireSchedule(cluster, where, name);
    const title = `${titles[action]} the schedule ${own.namespace}/${name}`;
    if (action === 'delete') requireIdle(name, cronJob, await readRuns(cluster, own));
    const owned = action === 'delete' ? await findOwned(cluster, own, cronJob) : [];
    const losesSecret = owned.some(isSecret);
    const changes =
      action === 'delete'
        ? {
            ...(await planRemovals(cluster, [cronJob, ...owned.filter((each) => !isSecret(each))], 'belongs to it')),
            answers: [],
          }
        : await switched(wish, cronJob, planning, cluster);
    const { schema: _, ...plan } = answer({ changes, cluster, making: { ...making, title } });
    return { action, ...own, isThere: true, ...plan, ...missedOf(wish, cronJob), losesSecret };
  });
}
