// Finds pods that no policy isolates for outgoing connections.

import { isHeldByPolicies, isolatingPolicies } from './isolation.ts';
import { workloadCheck } from '../check.ts';

export const egressNotIsolated = workloadCheck(
  {
    id: 'egress-not-isolated',
    family: 'network',
    title: 'Only declared outgoing connections are possible',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.3.2' },
      { framework: 'NSA', id: 'Network separation' },
      { framework: 'MITRE', id: 'T1041' },
    ],
    remediation: 'Add a NetworkPolicy that selects these pods with policyTypes Egress and allows only what they need.',
    minutes: 20,
  },
  {
    applies: isHeldByPolicies,
    find: (workload, { inventory }) => {
      if (isolatingPolicies(inventory, workload, 'egress').length > 0) return undefined;
      return {
        message: `"${workload.object.name}" is not isolated: whoever breaks into it can connect to anything, inside and outside`,
        path: [...workload.templatePath, 'metadata', 'labels'],
        evidence: 'no NetworkPolicy of the namespace selects its pods with policyTypes Egress',
      };
    },
  },
);
