// Finds containers that run now and have ended again and again, or were killed for want of memory.

import { tellEnd } from '../../kube/live/container-end.ts';
import { asArray, asObject, asString, type Diagnostic, groupBy, type KubeObject, toText } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { liveCheck, specOf, statusOf } from './live-check.ts';
import { isAnsweredFor, runningKinds, wantedPods } from './owned.ts';
import { type ContainerState, readContainers } from './pod-trouble.ts';
import { minutesSince } from './seen-at.ts';

const often = 5;
/** What happened longer ago than this is history. */
const days = 7;

interface Restarted extends ContainerState {
  readonly pod: KubeObject;
}

/** The node was switched off, or the runtime does not know how it ended: nothing to learn of the program. */
function isNodesFault({ last }: ContainerState): boolean {
  return last['reason'] === 'Unknown' || last['reason'] === 'ContainerStatusUnknown' || last['exitCode'] === 255;
}

function isKilledForMemory({ last }: ContainerState): boolean {
  return last['reason'] === 'OOMKilled';
}

function restartedIn(pod: KubeObject, context: CheckContext): Restarted[] {
  const status = statusOf(pod);
  return [...readContainers(status['containerStatuses']), ...readContainers(status['initContainerStatuses'])]
    .filter(
      (each) =>
        each.state['running'] !== undefined &&
        Object.keys(each.last).length > 0 &&
        !isNodesFault(each) &&
        (each.restarts >= often || isKilledForMemory(each)) &&
        minutesSince(context, each.last['finishedAt']) <= days * 1440,
    )
    .map((each) => ({ ...each, pod }));
}

function limitOf({ pod, name }: Restarted): string {
  const container = ['containers', 'initContainers']
    .flatMap((list) => asArray(specOf(pod)[list]).map(asObject))
    .find((each) => each['name'] === name);
  const limit = asObject(asObject(container?.['resources'])['limits'])['memory'];
  return limit === undefined ? 'no memory limit, so the node ran out of it' : `memory limit ${toText(limit)}`;
}

function tell({ kind, name }: KubeObject, worst: Restarted, pods: number): Diagnostic {
  const killed = isKilledForMemory(worst);
  const times = `${worst.restarts} restart${worst.restarts === 1 ? '' : 's'}`;
  const when = asString(worst.last['finishedAt']);
  const told = killed
    ? 'was killed because it ran out of memory'
    : `does not keep running: it was started again ${worst.restarts} times`;
  const more = pods > 1 ? `, and ${pods - 1} more pods alike` : '';
  return {
    container: worst.name,
    message: `container "${worst.name}" of ${kind} "${name}" ${told}`,
    path: ['status'],
    evidence: `${tellEnd(worst.last)}${when === undefined ? '' : ` at ${when}`}, ${times} in pod ${worst.pod.name}${more}${killed ? `; ${limitOf(worst)}` : ''}`,
  };
}

export const containerRestarts = liveCheck(
  {
    id: 'container-restarts',
    family: 'running',
    title: 'Containers keep running',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Read the logs of the previous run, and correct what ends it.',
    minutes: 30,
  },
  {
    kinds: runningKinds,
    applies: (object, { inventory }) => !isAnsweredFor(inventory, object),
    find: (object, context) => {
      const all = wantedPods(context.inventory, object).flatMap((pod) => restartedIn(pod, context));
      return [...groupBy(all, ({ name }) => name).values()].flatMap((same) => {
        const worst = same.toSorted(
          (a, b) => Number(isKilledForMemory(b)) - Number(isKilledForMemory(a)) || b.restarts - a.restarts,
        )[0];
        return worst === undefined ? [] : tell(object, worst, same.length);
      });
    },
  },
);
