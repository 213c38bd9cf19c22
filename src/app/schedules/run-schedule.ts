// Begins a run of a schedule by hand, as `kubectl create job --from` would, and never a second one beside it.

import { setTimeout } from 'node:timers/promises';
import { createObject, getObject } from '../../api/index.ts';
import {
  jobByHand,
  runOf,
  type ScheduleName,
  type ScheduleRun,
  type ScheduleView,
  viewSchedule,
} from '../../backup/index.ts';
import { asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { fieldManager, type OpenCluster } from '../../targets/index.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { openCluster } from '../plans/cluster/open-site.ts';
import type { Outside } from '../outside.ts';
import { readRuns, requireSchedule } from './read-schedules.ts';

export interface RunOrder {
  readonly cluster: ClusterWish;
  readonly name: string;
  /** Milliseconds to wait until it has ended; left out, it is only begun. */
  readonly wait?: number | undefined;
}

export interface BegunRun extends ScheduleName {
  readonly run: ScheduleRun;
}

const jobs = { group: 'batch', version: 'v1', resource: 'jobs' };
const pause = 2000;

function requireIdle({ runs, name }: ScheduleView): void {
  const running = runs.find(({ result }) => result === 'running');
  if (running === undefined) return;
  throw new UserError(
    'schedule-busy',
    `a run of ${name} is under way since ${running.started}: Job ${running.job}`,
    'Wait until it has ended; no second one is begun beside it.',
  );
}

async function untilEnded(
  { client }: OpenCluster,
  { namespace }: ScheduleName,
  name: string,
  until: number,
): Promise<JsonObject> {
  for (;;) {
    const job = await getObject(client, jobs, { namespace, name });
    if (runOf(job).result !== 'running' || Date.now() >= until) return job;
    await setTimeout(pause);
  }
}

/** Throws `schedule-missing`, and `schedule-busy` where a run is under way. `agree` throws where nobody agrees. */
export async function runSchedule(
  { cluster: where, name, wait }: RunOrder,
  outside: Outside,
  agree: (view: ScheduleView) => Promise<void>,
): Promise<BegunRun> {
  const cluster = await openCluster(where, outside);
  try {
    const { own, cronJob } = await requireSchedule(cluster, where, name);
    const view = viewSchedule(cronJob, await readRuns(cluster, own), Date.now());
    if (view === undefined) throw new Error('a schedule of ours is one');
    requireIdle(view);
    await agree(view);
    const made = await createObject(cluster.client, jobs, jobByHand(cronJob), { fieldManager });
    const job = asString(asObject(made['metadata'])['name']) ?? '';
    if (wait === undefined) return { ...own, run: runOf(made) };
    outside.progress(`waiting for Job ${job}`);
    return { ...own, run: runOf(await untilEnded(cluster, own, job, Date.now() + wait)) };
  } finally {
    await cluster.close();
  }
}
