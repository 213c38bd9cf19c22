// Finds apps without a scheduled backup.

import type { BackupEvidence } from '../../model/index.ts';
import { backupObjects, backupSchedules, keepsData } from './backup-tools.ts';
import { appCheck } from '../check.ts';
import { commandOf, daysSince, savedBackups } from './saved-backups.ts';

/** Days: a schedule whose last backup is older has stopped, or is too rare to count on. */
const rhythm = 8;

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
    applies: ({ inventory }) =>
      inventory.workloads.length > 0 && (backupObjects(inventory).length > 0 || savedBackups(inventory).length > 0),
    find: ({ inventory, options: { today } }) => {
      if (backupSchedules(inventory).length > 0) return undefined;
      const isRecent = ({ date = '' }: BackupEvidence): boolean => daysSince(date, today) <= rhythm;
      if (savedBackups(inventory).some((each) => each.schedule !== '' && isRecent(each))) return undefined;
      return {
        message: 'no backup runs by itself: the newest one is as old as the last time somebody thought of it',
        evidence: 'no schedule of a backup tool in the input',
        command: commandOf(
          inventory,
          ['schedule', 'create', 'nightly'],
          [
            '--schedule',
            '0 3 * * *',
            '--image',
            'IMAGE',
            '--copy-credentials',
            ...(keepsData(inventory) ? ['--default-volumes-to-fs-backup'] : []),
          ],
        ),
      };
    },
  },
);
