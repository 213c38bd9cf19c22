// Finds workloads that run as one pod.

import { asNumber, asObject } from '../../model/index.ts';
import { autoscalersOf, isReplicated } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';

export const singleReplica = workloadCheck(
  {
    id: 'single-replica',
    family: 'reliability',
    title: 'Workloads survive the loss of one pod',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Run two or more replicas, or let an autoscaler keep at least two.',
    minutes: 10,
  },
  {
    applies: (workload, { inventory }) => isReplicated(workload) && autoscalersOf(inventory, workload).length === 0,
    find: ({ object }) => {
      const declared = asObject(object.raw['spec'])['replicas'];
      if ((asNumber(declared) ?? 1) !== 1) return undefined;
      return {
        message: `"${object.name}" runs as a single pod: each node drain, crash or release takes it down`,
        path: ['spec', 'replicas'],
        evidence: declared === undefined ? 'replicas is not set, which means 1' : 'replicas is 1',
      };
    },
  },
);
