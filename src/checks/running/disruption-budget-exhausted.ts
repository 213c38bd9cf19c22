// Finds disruption budgets that allow evictions by their text, and none as things are now.

import { podSelectorOf } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { countIn, findCondition, liveCheck, metadataOf, statusOf, tellCondition } from './live-check.ts';
import { livePods } from './live-pods.ts';
import { hasLastingTrouble } from './lasting-trouble.ts';
import { onceItLasts } from './seen-at.ts';

/** While pods start, budgets are exhausted and nothing is wrong. */
function isLasting(budget: KubeObject, context: CheckContext): boolean {
  const { inventory } = context;
  const selector = podSelectorOf(budget);
  const pods = selector === undefined ? [] : inventory.derive(livePods).matching(budget.namespace, selector);
  return pods.some((pod) => hasLastingTrouble(pod, context));
}

export const disruptionBudgetExhausted = liveCheck(
  {
    id: 'disruption-budget-exhausted',
    family: 'running',
    title: 'Disruption budgets let nodes be drained now',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Make the pods under the budget ready.',
    minutes: 20,
  },
  {
    kinds: ['policy/PodDisruptionBudget'],
    // What its controller has not looked at yet says nothing.
    applies: (budget) => countIn(statusOf(budget), 'observedGeneration') >= countIn(metadataOf(budget), 'generation'),
    find: (budget, context) => {
      const status = statusOf(budget);
      const [expected, desired] = [countIn(status, 'expectedPods'), countIn(status, 'desiredHealthy')];
      const [healthy, allowed] = [countIn(status, 'currentHealthy'), countIn(status, 'disruptionsAllowed')];
      const sync = findCondition(budget, 'DisruptionAllowed');
      if (sync?.reason === 'SyncFailed')
        return {
          message: `budget "${budget.name}" cannot be counted: it allows no eviction, and nodes are not drained`,
          path: ['status', 'conditions'],
          evidence: tellCondition(sync),
        };
      // A budget that never allows one is another check's.
      if (expected === 0 || allowed > 0 || healthy >= expected || desired >= expected) return undefined;
      return onceItLasts(isLasting(budget, context), {
        message: `budget "${budget.name}" allows no eviction now: its pods are not healthy, and a drain of their nodes waits`,
        path: ['status', 'disruptionsAllowed'],
        evidence: `${healthy} of ${expected} pods healthy, ${desired} wanted`,
      });
    },
  },
);
