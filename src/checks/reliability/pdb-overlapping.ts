// Finds pods that several disruption budgets select: they cannot be evicted.

import { workloadCheck } from '../check.ts';

export const pdbOverlapping = workloadCheck(
  {
    id: 'pdb-overlapping',
    family: 'reliability',
    title: 'A pod belongs to one disruption budget',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Keep one PodDisruptionBudget for each workload.',
    minutes: 5,
  },
  {
    applies: (workload, { inventory }) => inventory.selectorsOf(workload, 'policy/PodDisruptionBudget').length > 0,
    find: (workload, { inventory }) => {
      const budgets = inventory.selectorsOf(workload, 'policy/PodDisruptionBudget').map(({ name }) => name);
      if (budgets.length < 2) return undefined;
      return {
        message: `pods of "${workload.object.name}" are in ${budgets.length} disruption budgets: the API server refuses to evict them`,
        path: [...workload.templatePath, 'metadata', 'labels'],
        evidence: `selected by ${budgets.join(', ')}`,
      };
    },
  },
);
