// Finds pods that were evicted or turned away, under the workload that answers for them.

import { tellEnd } from '../../kube/live/container-end.ts';
import { asObject, asString, type Diagnostic, groupBy, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { asClause, conditionsOf, liveCheck, statusOf } from './live-check.ts';
import { isAnsweredFor, podsOf, runningKinds } from './owned.ts';
import { readContainers } from './pod-trouble.ts';
import { minutesSince } from './seen-at.ts';

const days = 7;

/** Why the kubelet fails a pod. A node that is switched off in good order is left out. Source: pkg/kubelet/eviction, lifecycle and preemption. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^Evicted$/, 'evicted'],
  [/^OutOf/, 'turned away by a node that had no room'],
  [/^NodeAffinity$|^NodeName$|^Taint/, 'turned away by a node that it does not fit'],
  [/^UnexpectedAdmissionError$/, 'turned away by a device or topology manager'],
  [/^Preempt/, 'pushed out by more important ones'],
  [/^DeadlineExceeded$/, 'ended for taking longer than it may'],
];

function tellReason(pod: KubeObject): string | undefined {
  const reason = asString(statusOf(pod)['reason']) ?? '';
  return reasons.find(([pattern]) => pattern.test(reason))?.[1];
}

function isRecent(pod: KubeObject, context: CheckContext): boolean {
  const moments = [...conditionsOf(pod).map(({ since }) => since), asString(statusOf(pod)['startTime']) ?? ''];
  return minutesSince(context, moments.toSorted().at(-1)) <= days * 1440;
}

function tellPods(object: KubeObject, pods: readonly KubeObject[], told: string): Diagnostic {
  const [first] = pods;
  const message = asClause(asString(first === undefined ? '' : statusOf(first)['message']) ?? '');
  const subject =
    object.kind === 'Pod'
      ? `Pod "${object.name}" was`
      : `${pods.length} pod${pods.length === 1 ? '' : 's'} of ${object.kind} "${object.name}" ${pods.length === 1 ? 'was' : 'were'}`;
  return { message: `${subject} ${told}`, path: ['status'], evidence: message === '' ? told : message };
}

/** A pod that nobody makes anew. */
function ofAlone(pod: KubeObject): Diagnostic | undefined {
  const ended = readContainers(statusOf(pod)['containerStatuses']).find(
    ({ state }) => state['terminated'] !== undefined,
  );
  if (statusOf(pod)['phase'] !== 'Failed' || ended === undefined) return undefined;
  const end = tellEnd(asObject(ended.state['terminated']));
  return {
    message: `Pod "${pod.name}" has failed and is not started again: container "${ended.name}" ended with ${end}`,
    path: ['status', 'phase'],
    evidence: `phase Failed, ${end}`,
  };
}

export const podFailed = liveCheck(
  {
    id: 'pod-failed',
    family: 'running',
    title: 'Pods are not evicted or turned away',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set requests that match what the pods use, for disk too, and delete the failed pods.',
    minutes: 20,
  },
  {
    kinds: runningKinds,
    applies: (object, { inventory }) => !isAnsweredFor(inventory, object),
    find: (object, context) => {
      const failed = podsOf(context.inventory, object).filter(
        (pod) => statusOf(pod)['phase'] === 'Failed' && isRecent(pod, context),
      );
      const told = [...groupBy(failed, tellReason)].flatMap(([reason, pods]) =>
        reason === undefined ? [] : [tellPods(object, pods, reason)],
      );
      return told.length === 0 && object.kind === 'Pod' ? ofAlone(object) : told;
    },
  },
);
