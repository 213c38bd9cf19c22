// Finds disruption budgets under which pods that never became ready cannot be evicted.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { setTo } from '../fix.ts';

export const pdbUnhealthyPods = objectCheck(
  {
    id: 'pdb-unhealthy-pods',
    family: 'reliability',
    title: 'Broken pods do not block a drain',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set unhealthyPodEvictionPolicy: AlwaysAllow.',
    minutes: 2,
  },
  {
    kinds: ['policy/PodDisruptionBudget'],
    applies: (_, { options }) => options.minor >= 27,
    find: ({ name, raw }) => {
      if (asObject(raw['spec'])['unhealthyPodEvictionPolicy'] === 'AlwaysAllow') return undefined;
      return {
        message: `pods under budget "${name}" that crash-loop count as protected and block node drains`,
        path: ['spec', 'unhealthyPodEvictionPolicy'],
        evidence: 'unhealthyPodEvictionPolicy is IfHealthyBudget, the default',
      };
    },
    fix: setTo('AlwaysAllow'),
  },
);
