// Finds Velero backups that leave their retention to the default.

import { veleroTemplate } from './backup-tools.ts';
import { objectCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { durationOf } from '../questions.ts';

export const backupRetentionImplicit = objectCheck(
  {
    id: 'backup-retention-implicit',
    family: 'backups',
    title: 'Backups say how long they are kept',
    leg: 'backups',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set ttl in the template.',
    minutes: 2,
  },
  {
    kinds: ['velero.io/Schedule', 'velero.io/Backup'],
    find: (object) => {
      if (veleroTemplate(object)['ttl'] !== undefined) return undefined;
      return {
        message: `backups of "${object.name}" are deleted after 30 days, because nobody said otherwise`,
        path: object.kind === 'Schedule' ? ['spec', 'template', 'ttl'] : ['spec', 'ttl'],
        evidence: 'ttl is not set, which means 720h',
      };
    },
    fix: askValue(
      {
        id: 'name-retention',
        title: 'Say how long backups are kept',
        consequence: 'what is older is deleted, from the store too',
      },
      durationOf('time to keep backups', '2160h0m0s'),
    ),
  },
);
