// Backups are encrypted in the store: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const backupEncrypted = clusterOnlyCheck(
  {
    id: 'backup-encrypted',
    family: 'backups',
    title: 'Backups are encrypted in the store',
    leg: 'backups',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Switch on encryption of the bucket or of the backup tool.',
    minutes: 60,
    settledBy: 'a look at the backup store',
  },
  'whether backups are encrypted at rest cannot be seen in files',
);
