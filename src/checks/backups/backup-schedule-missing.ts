// Finds apps without a scheduled backup.

import { backupObjects, backupSchedules } from './backup-tools.ts';
import { appCheck } from '../check.ts';

export const backupScheduleMissing = appCheck(
  {
    id: 'backup-schedule-missing',
    family: 'backups',
    title: 'Backups run on a schedule',
    leg: 'backups',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Turn the backup into a schedule.',
    minutes: 15,
  },
  {
    // Where nothing is backed up at all, backup-missing says so.
    applies: ({ inventory }) => inventory.workloads.length > 0 && backupObjects(inventory).length > 0,
    find: ({ inventory }) => {
      if (backupSchedules(inventory).length > 0) return undefined;
      return {
        message: 'no backup runs by itself: the newest one is as old as the last time somebody thought of it',
        evidence: 'no schedule of a backup tool in the input',
      };
    },
  },
);
