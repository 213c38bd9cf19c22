// Finds apps whose manifests back nothing up.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import type { BackupEvidence } from '../../model/index.ts';
import { backupObjects, keepsData, sawBackups } from './backup-tools.ts';
import { appCheck, type AppDiagnostic } from '../check.ts';
import { nameSome } from '../cluster-check.ts';
import { commandOf, daysSince, lackingData, savedBackups } from './saved-backups.ts';

const allData = ['--default-volumes-to-fs-backup'];

/** Days after which a backup that somebody made by hand is of an app that was. */
const tooOld = 30;

function judgeSaved(newest: BackupEvidence, inventory: Inventory, today: string): AppDiagnostic | undefined {
  const { backup, date = today, file } = newest;
  const lacking = lackingData(newest, inventory);
  const evidence = `the backup store ${file}`;
  const backUp = commandOf(inventory, ['backup', 'create'], allData);
  if (lacking.length > 0)
    return {
      message: `the newest backup "${backup}" has no data of ${nameSome(lacking)}: a restore makes them empty`,
      evidence,
      command: backUp,
      severity: 'high',
    };
  if (daysSince(date, today) <= tooOld) return undefined;
  return { message: `the newest backup "${backup}" is of ${date}`, evidence, command: backUp, severity: 'medium' };
}

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
    find: ({ inventory, options }) => {
      if (backupObjects(inventory).length > 0) return undefined;
      const [newest] = savedBackups(inventory);
      if (newest !== undefined) return judgeSaved(newest, inventory, options.today);
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
        command: commandOf(inventory, ['backup', 'create'], data ? allData : []),
        severity: data ? 'high' : 'medium',
      };
    },
  },
);
