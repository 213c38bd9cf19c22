// Jobs: pods that run to their end, as many as are to be completed.

import { asNumber, asObject, type JsonObject } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import { compact, isDeleting, nameOf, specOf, statusOf } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { workloadKeys } from './keys.ts';
import { isActive, isReady, phaseOf, podFrom } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'batch/jobs';

function isFinished(job: JsonObject): boolean {
  return statusOf(job)['completionTime'] !== undefined;
}

function createPods(actor: Actor, job: JsonObject, pods: readonly JsonObject[]): void {
  const spec = specOf(job);
  const parallelism = asNumber(spec['parallelism']) ?? 1;
  const completions = asNumber(spec['completions']) ?? parallelism;
  const done = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length;
  const active = pods.filter(isActive).length;
  const missing = Math.min(parallelism - active, completions - done - active);
  for (let count = 0; count < missing; count += 1)
    actor.create('/pods', podFrom(job, asObject(spec['template']), { generateName: `${nameOf(job)}-` }));
}

const reached = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };

function statusFor(actor: Actor, job: JsonObject, pods: readonly JsonObject[]): JsonObject {
  const now = timestamp(actor.kernel.clock);
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length;
  const active = pods.filter(isActive).length;
  const wanted = asNumber(specOf(job)['completions']) ?? 1;
  const isDone = succeeded >= wanted;
  const times = { lastProbeTime: now, lastTransitionTime: now };
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True', ...times, ...reached }));
  const orNothing = (count: number): number | undefined => (count === 0 ? undefined : count);
  return compact({
    conditions: isDone ? conditions : statusOf(job)['conditions'],
    startTime: statusOf(job)['startTime'] ?? now,
    completionTime: isDone ? now : undefined,
    active: orNothing(active),
    succeeded: orNothing(succeeded),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: pods.filter(isReady).length,
  });
}

function reconcile(actor: Actor, key: string): void {
  const job = actor.find(resource, key);
  if (job === undefined || isDeleting(job) || isFinished(job)) return;
  if (specOf(job)['suspend'] === true) {
    actor.setStatus(resource, job, {
      conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }],
    });
    return;
  }
  const podsNow = (): JsonObject[] => actor.ownedBy(job, '/pods');
  createPods(actor, job, podsNow());
  actor.setStatus(resource, job, statusFor(actor, job, podsNow()));
}

export const jobs: Controller = {
  name: 'jobs',
  keysFor: (_actor, event) => workloadKeys(resource, 'Job', '/pods')(event),
  reconcile,
};
