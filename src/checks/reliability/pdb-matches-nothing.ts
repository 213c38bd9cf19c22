// Finds disruption budgets that select no pod of the input.

import { objectCheck } from '../check.ts';
import { readLabels } from '../../inventory/index.ts';
import { asObject } from '../../model/index.ts';
import { nearLabels } from '../near-labels.ts';
import { podLabelsIn } from '../pod-selection.ts';

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
    fix: ({ raw, namespace }, { path = [] }, { inventory }) => {
      const { matchLabels, matchExpressions } = asObject(asObject(raw['spec'])['selector']);
      const value =
        matchExpressions === undefined
          ? nearLabels(readLabels(matchLabels), podLabelsIn(inventory, namespace))
          : undefined;
      return value === undefined ? undefined : [{ op: 'set', path: [...path, 'matchLabels'], value }];
    },
  },
);
