// A restore has been rehearsed: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const restoreDrill = clusterOnlyCheck(
  {
    id: 'restore-drill',
    family: 'backups',
    title: 'A restore has been rehearsed',
    leg: 'backups',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Restore into a scratch namespace and compare the content.',
    minutes: 60,
    settledBy: 'a restore drill',
  },
  'whether a backup can be restored is not known until it was tried',
);
