// Backups cannot be deleted early: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const backupImmutable = clusterOnlyCheck(
  {
    id: 'backup-immutable',
    family: 'backups',
    title: 'Backups cannot be deleted early',
    leg: 'backups',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Switch on object lock or versioning for the bucket.',
    minutes: 60,
    settledBy: 'a look at the backup store',
  },
  'whether backups can be deleted before their time cannot be seen in files',
);
