// The app can be restored in another cluster: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const restoreElsewhere = clusterOnlyCheck(
  {
    id: 'restore-elsewhere',
    family: 'backups',
    title: 'The app can be restored in another cluster',
    leg: 'backups',
    level: 4,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Restore into a second cluster and measure how long it takes and how much is lost.',
    minutes: 60,
    settledBy: 'a restore drill in a second cluster',
  },
  'whether the app comes up in another cluster, how fast and with how much lost, is not known until it was tried',
);
