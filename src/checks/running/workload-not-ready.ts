// Finds workloads whose pods do not run as wanted, and says why: one finding for each workload, not for each pod.

import type { Inventory } from '../../inventory/index.ts';
import { type Diagnostic, isIn, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { asClause, type Condition, findCondition, liveCheck, metadataOf, statusOf } from './live-check.ts';
import { hasLastingTrouble } from './lasting-trouble.ts';
import { isAnsweredFor, podsAsFarAsSeen, runningKinds, wantedPods } from './owned.ts';
import { isPodReady, type PodTrouble, troubleOf } from './pod-trouble.ts';
import { type Readiness, readinessReaders, runsToAnEnd } from './readiness.ts';
import { onceItLasts } from './seen-at.ts';

function isDone(object: KubeObject): boolean {
  if (metadataOf(object)['deletionTimestamp'] !== undefined) return true;
  if (object.kind === 'Pod') return isIn(['Succeeded', 'Failed'], statusOf(object)['phase']);
  return (
    object.kind === 'Job' &&
    ['Complete', 'Failed', 'Suspended'].some((type) => findCondition(object, type)?.status === 'True')
  );
}

interface Group extends PodTrouble {
  readonly pods: number;
}

/** Troubles that are the same are told once, the worst first. */
function groupTroubles(pods: readonly KubeObject[]): Group[] {
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const trouble = troubleOf(pod);
    if (trouble === undefined) continue;
    const known = groups.get(trouble.clause);
    groups.set(trouble.clause, { ...(known ?? trouble), pods: (known?.pods ?? 0) + 1 });
  }
  return [...groups.values()].toSorted((a, b) => Number(b.lasting) - Number(a.lasting) || b.pods - a.pods);
}

function tellGroups(groups: readonly Group[]): string {
  const [first, ...rest] = groups;
  if (first === undefined) return '';
  const others = rest.slice(0, 2).map(({ pods, clause }) => `${pods} more: ${clause}`);
  return [`${first.evidence} (${first.pods} pod${first.pods === 1 ? '' : 's'})`, ...others].join('; ');
}

function podsAreHidden({ snapshot }: Inventory): boolean {
  return (snapshot.facts.cluster?.notListed ?? []).some(
    ({ group, kind }) => group === '' && (kind === 'Pod' || kind === '*'),
  );
}

/** What a controller says where there is no pod to ask. */
function tellController(object: KubeObject, { ready, wanted }: Readiness, inventory: Inventory): PodTrouble {
  const refused = findCondition(object, 'ReplicaFailure');
  if (refused?.status === 'True')
    return {
      clause: `its pods are refused, ${asClause(refused.message)}`,
      evidence: `ReplicaFailure is True, ${refused.reason}`,
      lasting: true,
    };
  if (podsAreHidden(inventory))
    return { clause: 'why is not known, for its pods may not be listed', evidence: 'by its status', lasting: false };
  if (ready >= wanted) return { clause: 'its new pods are not all there', evidence: 'by its status', lasting: false };
  return {
    clause: 'its pods have not been made',
    evidence: 'kubectl describe shows the events that say why',
    lasting: false,
  };
}

function hasRunOutOfTime(progress: Condition | undefined): boolean {
  return progress?.status === 'False' && progress.reason === 'ProgressDeadlineExceeded';
}

function tellState({ kind, name }: KubeObject, { ready, wanted }: Readiness, lasts: boolean): string {
  if (ready >= wanted)
    return `the last change of ${kind} "${name}" ${lasts ? 'does not get through' : 'is not through yet'}, and the pods from before still serve`;
  if (kind === 'Pod') return `Pod "${name}" is not ready`;
  if (kind === 'CronJob') return `the job of CronJob "${name}" does not get to work`;
  return kind === 'Job'
    ? `Job "${name}" does not get to work`
    : `${kind} "${name}" has ${ready} of ${wanted} pods ready`;
}

function judge(object: KubeObject, readiness: Readiness, context: CheckContext): Diagnostic | undefined {
  const { inventory } = context;
  const pods = podsAsFarAsSeen(inventory, () => wantedPods(inventory, object));
  const unready = pods.filter((pod) => !isPodReady(pod));
  const groups = groupTroubles(unready);
  const first = groups[0] ?? tellController(object, readiness, inventory);
  const late = hasRunOutOfTime(findCondition(object, 'Progressing'));
  if (runsToAnEnd(object) && !first.lasting) return undefined;
  const lasts = first.lasting || late || unready.some((pod) => hasLastingTrouble(pod, context));
  return onceItLasts(lasts, {
    severity: readiness.ready === 0 ? 'high' : 'medium',
    message: `${tellState(object, readiness, lasts)}: ${first.clause}`,
    path: ['status'],
    evidence: `${tellGroups(groups) || first.evidence}${late ? '; its deadline for progress has passed' : ''}`,
  });
}

export const workloadNotReady = liveCheck(
  {
    id: 'workload-not-ready',
    family: 'running',
    title: 'Workloads run as many ready pods as they should',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Take away what keeps the pods from being ready.',
    minutes: 30,
  },
  {
    kinds: [...runningKinds, 'batch/Job', 'batch/CronJob'],
    applies: (object, { inventory }) => !isDone(object) && !isAnsweredFor(inventory, object),
    find: (object, context) => {
      const readiness = readinessReaders[object.kind]?.(object);
      if (readiness === undefined) return undefined;
      const { ready, wanted, behind } = readiness;
      return wanted > 0 && (ready < wanted || behind) ? judge(object, readiness, context) : undefined;
    },
  },
);
