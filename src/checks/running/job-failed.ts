// Finds jobs that gave up, and CronJobs whose last job did.

import { tellEnd } from '../../kube/live/container-end.ts';
import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import { asClause, type Condition, countIn, findCondition, liveCheck, metadataOf, statusOf } from './live-check.ts';
import { childrenOf, isAnsweredFor, podsAsFarAsSeen, podsOf } from './owned.ts';
import { readContainers } from './pod-trouble.ts';

/** Reasons of the job controller. Source: pkg/apis/batch/v1 JobReason of Kubernetes 1.34. */
const reasons: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: 'no attempts are left',
  DeadlineExceeded: 'it took longer than it may',
  PodFailurePolicy: 'its policy for failed pods ends it',
  FailedIndexes: 'some of its parts failed',
  MaxFailedIndexesExceeded: 'too many of its parts failed',
};

function failureOf(job: KubeObject): Condition | undefined {
  const failed = findCondition(job, 'Failed');
  return failed?.status === 'True' ? failed : undefined;
}

/** How the last pod that failed ended; nothing where its pods are gone. */
function lastEnd(inventory: Inventory, job: KubeObject): string {
  const pods = podsAsFarAsSeen(inventory, () => podsOf(inventory, job));
  const failed = pods.filter((pod) => statusOf(pod)['phase'] === 'Failed');
  const ended = failed
    .flatMap((pod) => [
      ...readContainers(statusOf(pod)['initContainerStatuses']),
      ...readContainers(statusOf(pod)['containerStatuses']),
    ])
    .map(({ name, state, last }) => ({
      name,
      end: state['terminated'] === undefined ? last : asObject(state['terminated']),
    }))
    .findLast(({ end }) => countIn(end, 'exitCode') !== 0);
  return ended === undefined ? '' : `container "${ended.name}" ended with ${tellEnd(ended.end)}`;
}

function tellFailure(inventory: Inventory, job: KubeObject, { reason, message }: Condition): string {
  const why = reasons[reason] ?? (asClause(message) || 'it gave up');
  return [why, lastEnd(inventory, job)].filter((text) => text !== '').join(', ');
}

function ofJob(job: KubeObject, inventory: Inventory): Diagnostic | undefined {
  const failure = failureOf(job);
  if (failure === undefined) return undefined;
  return {
    message: `Job "${job.name}" has failed: ${tellFailure(inventory, job, failure)}`,
    path: ['status', 'conditions'],
    evidence: `${failure.reason}, ${countIn(statusOf(job), 'failed')} failed pods`,
  };
}

function startOf(job: KubeObject): string {
  return asString(statusOf(job)['startTime']) ?? asString(metadataOf(job)['creationTimestamp']) ?? '';
}

/** Times of the API are all written alike: text order is their order. */
function ofCronJob(cronJob: KubeObject, inventory: Inventory): Diagnostic | undefined {
  const jobs = childrenOf(inventory, cronJob).toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  const ended = jobs.filter((job) => failureOf(job) !== undefined || findCondition(job, 'Complete')?.status === 'True');
  const last = ended.at(-1);
  const failure = last === undefined ? undefined : failureOf(last);
  const { lastScheduleTime, lastSuccessfulTime, active } = statusOf(cronJob);
  const success = asString(lastSuccessfulTime);
  const since =
    success === undefined
      ? 'none of its jobs has ever ended well'
      : `the last one that ended well did on ${success.slice(0, 10)}`;
  if (last !== undefined && failure !== undefined)
    return {
      message: `the last job of CronJob "${cronJob.name}" has failed: ${tellFailure(inventory, last, failure)}`,
      path: ['status'],
      evidence: `Job ${last.name}, ${failure.reason}; ${since}`,
    };
  // The jobs may be gone; what is left is that some ran, and none ended well.
  if (
    success !== undefined ||
    asString(lastScheduleTime) === undefined ||
    asArray(active).length > 0 ||
    ended.length > 0
  )
    return undefined;
  return {
    verdict: 'unknown',
    message: `no job of CronJob "${cronJob.name}" is known to have ended well`,
    path: ['status'],
    evidence: `last scheduled ${String(asString(lastScheduleTime))}, and no job of it is left; would be settled by its next run`,
  };
}

export const jobFailed = liveCheck(
  {
    id: 'job-failed',
    family: 'running',
    title: 'Jobs end well',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Read the logs of the failed pod, correct the cause, and run the job again.',
    minutes: 30,
  },
  {
    kinds: ['batch/Job', 'batch/CronJob'],
    applies: (object, { inventory }) => !isAnsweredFor(inventory, object),
    find: (object, { inventory }) => (object.kind === 'Job' ? ofJob(object, inventory) : ofCronJob(object, inventory)),
  },
);
