// Nodes get security updates: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const nodesPatched = clusterOnlyCheck(
  {
    id: 'nodes-patched',
    family: 'control-plane',
    title: 'Nodes get security updates',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [],
    remediation: 'Replace nodes regularly with patched images.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  'whether nodes are patched cannot be seen in files',
);
