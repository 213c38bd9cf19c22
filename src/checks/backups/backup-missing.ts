// Finds apps whose manifests back nothing up.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { asObject, asString, type BackupEvidence, type KubeObject } from '../../model/index.ts';
import { backupObjects, keepsData, sawBackups } from './backup-tools.ts';
import { appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { nameSome } from '../cluster-check.ts';
import { commandOf, daysSince, lackingData, savedBackups } from './saved-backups.ts';
import { type IdleSchedule, judgeSchedule } from './idle-schedules.ts';

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

/** Why an object of a backup tool has saved nothing yet; `undefined` for one that has, or of which nobody tells. */
function tellBarren(object: KubeObject, context: CheckContext): IdleSchedule['told'] | undefined {
  const idle = judgeSchedule(object, context);
  if (idle !== undefined) return idle.hasSaved ? undefined : idle.told;
  const phase = asString(asObject(object.raw['status'])['phase']) ?? '';
  if (object.kind !== 'Backup' || !phase.startsWith('Failed')) return undefined;
  return { message: `the backup "${object.name}" is ${phase}, and there is no other`, evidence: 'its status' };
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
    find: (context) => {
      const { inventory, options } = context;
      const barren = backupObjects(inventory).map((each) => tellBarren(each, context));
      if (barren.includes(undefined)) return undefined;
      const [newest] = savedBackups(inventory);
      if (newest !== undefined) return judgeSaved(newest, inventory, options.today);
      if (!sawBackups(inventory))
        return {
          verdict: 'unknown',
          message: 'whether anything backs this app up is not known',
          evidence: 'backup tools keep their objects in namespaces that may not be listed',
        };
      if (barren[0] !== undefined) return barren[0];
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
