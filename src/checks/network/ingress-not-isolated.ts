// Finds pods that no policy isolates for incoming connections.

import { isHeldByPolicies, isolatingPolicies } from './isolation.ts';
import { workloadCheck } from '../check.ts';

export const ingressNotIsolated = workloadCheck(
  {
    id: 'ingress-not-isolated',
    family: 'network',
    title: 'Only declared incoming connections are possible',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.3.2' },
      { framework: 'NSA', id: 'Network separation' },
      { framework: 'MITRE', id: 'T1046' },
    ],
    remediation: 'Add a NetworkPolicy that selects these pods with policyTypes Ingress and allows only what they need.',
    minutes: 20,
  },
  {
    applies: isHeldByPolicies,
    find: (workload, { inventory }) => {
      if (isolatingPolicies(inventory, workload, 'ingress').length > 0) return undefined;
      return {
        message: `"${workload.object.name}" is not isolated: every pod of the cluster can connect to it`,
        path: [...workload.templatePath, 'metadata', 'labels'],
        evidence: 'no NetworkPolicy of the namespace selects its pods with policyTypes Ingress',
      };
    },
  },
);
