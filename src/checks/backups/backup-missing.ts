// Finds apps whose manifests back nothing up.

import { backupObjects, keepsData } from './backup-tools.ts';
import { appCheck } from '../check.ts';

export const backupMissing = appCheck(
  {
    id: 'backup-missing',
    family: 'backups',
    title: 'The app is backed up',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add a backup of the namespace, objects and volumes, to a store outside of the cluster.',
    minutes: 60,
  },
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      if (backupObjects(inventory).length > 0) return undefined;
      const data = keepsData(inventory);
      return {
        message: data
          ? 'nothing in the manifests backs this app up: a deleted namespace takes its data along for good'
          : 'nothing in the manifests backs this app up: a deleted namespace is rebuilt by hand',
        evidence: 'no object of a backup tool and no job that dumps a database in the input',
        severity: data ? 'high' : 'medium',
      };
    },
  },
);
