// Finds disruption budgets that allow evictions by their text, and none as things are now.

import { countIn, findCondition, liveCheck, metadataOf, statusOf, tellCondition } from './live-check.ts';

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
    find: (budget) => {
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
      return {
        message: `budget "${budget.name}" allows no eviction now: its pods are not healthy, and a drain of their nodes waits`,
        path: ['status', 'disruptionsAllowed'],
        evidence: `${healthy} of ${expected} pods healthy, ${desired} wanted`,
      };
    },
  },
);
