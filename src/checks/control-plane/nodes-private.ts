// Nodes have no public addresses: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const nodesPrivate = clusterOnlyCheck(
  {
    id: 'nodes-private',
    family: 'control-plane',
    title: 'Nodes have no public addresses',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'CIS', id: 'EKS 5.4.3' }],
    remediation: 'Put the nodes into private subnets.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  'whether nodes have public addresses cannot be seen in files',
);
