// Finds objects of operators that say of themselves that they are not ready: releases, databases, secrets to be fetched.

import type { KubeObject } from '../../model/index.ts';
import { type Condition, conditionsOf, liveCheck, metadataOf, tellCondition } from './live-check.ts';
import { minutesSince, onceItLasts } from './seen-at.ts';

/** Operators need some minutes. */
const patience = 10;

/** What operators agree on. Source: the API conventions of Kubernetes, kstatus, and the conditions of Crossplane and Knative. */
const falseIsWrong = ['Ready', 'Available', 'Synced', 'Healthy', 'Succeeded'];
const trueIsWrong = ['Stalled', 'Degraded'];

/** Kinds of these groups have checks of their own, or are Kubernetes' own. */
const coveredGroups: ReadonlySet<string> = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'extensions',
  'cert-manager.io',
  'acme.cert-manager.io',
  'metrics.k8s.io',
]);

function isCovered({ group }: KubeObject): boolean {
  return coveredGroups.has(group) || group.endsWith('.k8s.io');
}

function isWrong({ type, status }: Condition): boolean {
  return (status === 'False' && falseIsWrong.includes(type)) || (status === 'True' && trueIsWrong.includes(type));
}

export const customObjectNotReady = liveCheck(
  {
    id: 'custom-object-not-ready',
    family: 'running',
    title: 'Objects of operators are ready',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Correct what the condition names; the logs of the operator say more.',
    minutes: 30,
  },
  {
    kinds: ['*'],
    applies: (object) => !isCovered(object) && metadataOf(object)['deletionTimestamp'] === undefined,
    find: (object, context) => {
      const wrong = conditionsOf(object).filter(isWrong);
      const [first] = wrong;
      if (first === undefined) return undefined;
      const stalled = wrong.some(({ type }) => type === 'Stalled');
      const since = first.since || metadataOf(object)['creationTimestamp'];
      return onceItLasts(stalled || minutesSince(context, since) >= patience, {
        message: `${object.kind} "${object.name}" is not ready by the word of its operator`,
        path: ['status', 'conditions'],
        evidence: wrong.map(tellCondition).join('; '),
      });
    },
  },
);
