// Nodes run a minimal operating system: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const nodesMinimal = clusterOnlyCheck(
  {
    id: 'nodes-minimal',
    family: 'control-plane',
    title: 'Nodes run a minimal operating system',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [],
    remediation: 'Use an image made for containers.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  'which operating system the nodes run cannot be seen in files',
);
