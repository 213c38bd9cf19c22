// Finds apps whose manifests back nothing up.

import { viewOf } from '../../inventory/index.ts';
import { backupObjects, keepsData, sawBackups } from './backup-tools.ts';
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
      if (!sawBackups(inventory))
        return {
          verdict: 'unknown',
          message: 'whether anything backs this app up is not known',
          evidence: 'backup tools keep their objects in namespaces that may not be listed',
        };
      const data = keepsData(inventory);
      const where = viewOf(inventory).live ? 'in this cluster' : 'in the manifests';
      return {
        message: data
          ? `nothing ${where} backs this app up: a deleted namespace takes its data along for good`
          : `nothing ${where} backs this app up: a deleted namespace is rebuilt by hand`,
        evidence: 'no object of a backup tool and no job that dumps a database in the input',
        severity: data ? 'high' : 'medium',
      };
    },
  },
);
