// Finds backup schedules that are switched off.

import type { Inventory } from '../../inventory/index.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import { backupSchedules } from './backup-tools.ts';
import { objectCheck } from '../check.ts';
import { removeField } from '../fix.ts';

function scheduleSet(inventory: Inventory): ReadonlySet<KubeObject> {
  return new Set(backupSchedules(inventory));
}

export const backupPaused = objectCheck(
  {
    id: 'backup-paused',
    family: 'backups',
    title: 'Backup schedules are running',
    leg: 'backups',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Remove paused: true.',
    minutes: 2,
  },
  {
    kinds: ['velero.io/Schedule', 'batch/CronJob'],
    applies: (object, { inventory }) => inventory.derive(scheduleSet).has(object),
    find: ({ name, kind, raw }) => {
      const field = kind === 'CronJob' ? 'suspend' : 'paused';
      if (asObject(raw['spec'])[field] !== true) return undefined;
      return {
        message: `backup schedule "${name}" is switched off`,
        path: ['spec', field],
        evidence: `${field} is true`,
      };
    },
    fix: removeField,
  },
);
