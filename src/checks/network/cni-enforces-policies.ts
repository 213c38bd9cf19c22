// Reminds that policies count only where the cluster network enforces them.

import { clusterOnlyCheck } from '../check.ts';

export const cniEnforcesPolicies = clusterOnlyCheck(
  {
    id: 'cni-enforces-policies',
    family: 'network',
    title: 'The cluster network enforces policies',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'CIS', id: '5.3.1' }],
    remediation: 'Use a network plugin that enforces NetworkPolicy.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  'whether the network plugin of the target cluster enforces NetworkPolicies cannot be seen in files',
);
