// Finds workloads with several pods and no PodDisruptionBudget.

import { isReplicated, minimumReplicas } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { newBudget } from '../new-budget.ts';

export const pdbMissing = workloadCheck(
  {
    id: 'pdb-missing',
    family: 'reliability',
    title: 'Replicated workloads have a disruption budget',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add a PodDisruptionBudget with maxUnavailable: 1.',
    minutes: 5,
  },
  {
    applies: (workload, { inventory }) => isReplicated(workload) && minimumReplicas(inventory, workload) >= 2,
    find: (workload, { inventory }) => {
      if (inventory.selectorsOf(workload, 'policy/PodDisruptionBudget').length > 0) return undefined;
      return {
        message: `"${workload.object.name}" has no PodDisruptionBudget: a node drain may stop all its pods at once`,
        path: ['spec', 'replicas'],
        evidence: 'no PodDisruptionBudget of the namespace selects its pods',
      };
    },
    fix: (workload, _diagnostic, context) => {
      const budget = newBudget(workload, context);
      return budget === undefined ? undefined : { create: [budget] };
    },
  },
);
