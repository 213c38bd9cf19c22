// Finds disruption budgets that never allow an eviction.

import { budgetOf } from './disruption-budget.ts';
import { toText } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

export const pdbBlocksDrain = objectCheck(
  {
    id: 'pdb-blocks-drain',
    family: 'reliability',
    title: 'Disruption budgets let nodes be drained',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Allow at least one pod to be evicted: maxUnavailable: 1, or a minAvailable below the number of pods.',
    minutes: 5,
  },
  {
    kinds: ['policy/PodDisruptionBudget'],
    find: (object, { inventory }) => {
      const budget = budgetOf(inventory, object);
      if (budget === undefined || budget.pods === 0 || budget.allowed > 0) return undefined;
      return {
        message: `budget "${object.name}" never allows an eviction: node drains and upgrades wait for ever`,
        path: budget.path,
        evidence: `${budget.field} ${toText(budget.value)} of ${budget.pods} pod${budget.pods === 1 ? '' : 's'}`,
      };
    },
    fix: (object, _diagnostic, { inventory }) => {
      const edits = [
        { op: 'rename', path: ['spec', 'minAvailable'], name: 'maxUnavailable' },
        { op: 'set', path: ['spec', 'maxUnavailable'], value: 1 },
      ] as const;
      if ((budgetOf(inventory, object)?.pods ?? 0) > 1) return edits;
      return offer(
        way(
          {
            id: 'allow-one',
            title: 'Let the single pod be evicted',
            consequence: 'a node can be drained, and the app is away until its pod runs on another one',
          },
          edits,
        ),
      );
    },
  },
);
