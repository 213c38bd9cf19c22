// Finds disruption budgets that select no pod of the input.

import { objectCheck } from '../check.ts';

export const pdbMatchesNothing = objectCheck(
  {
    id: 'pdb-matches-nothing',
    family: 'reliability',
    title: 'Disruption budgets select pods',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Correct the selector so that it matches the labels of the pods.',
    minutes: 5,
  },
  {
    kinds: ['policy/PodDisruptionBudget'],
    find: (object, { inventory }) => {
      if (inventory.workloadsSelectedBy(object).length > 0) return undefined;
      return {
        message: `budget "${object.name}" selects no pod in its namespace and protects nothing`,
        path: ['spec', 'selector'],
        evidence: 'no pod template of the input matches the selector',
      };
    },
  },
);
