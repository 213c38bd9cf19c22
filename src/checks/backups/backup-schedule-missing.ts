// Finds apps without a scheduled backup that works.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import type { BackupEvidence, KubeObject } from '../../model/index.ts';
import { backupObjects, backupSchedules, keepsData, savesNamespace } from './backup-tools.ts';
import { appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { commandOf, daysSince, namespacesOf, savedBackups } from './saved-backups.ts';
import { type IdleSchedule, judgeSchedule } from './idle-schedules.ts';

/** Days: a schedule whose last backup is older has stopped, or is too rare to count on. */
const rhythm = 8;

interface JudgedSchedule {
  readonly schedule: KubeObject;
  readonly saves: (namespace: string) => boolean;
  readonly idle: IdleSchedule | undefined;
}

/** Of a cluster only those that are about the app: files are the app's own. */
function judgeSchedules(context: CheckContext): readonly JudgedSchedule[] {
  const { inventory } = context;
  const namespaces = namespacesOf(inventory);
  const isAbout = ({ saves }: JudgedSchedule): boolean => namespaces.length === 0 || namespaces.some(saves);
  const all = backupSchedules(inventory).map((schedule) => ({
    schedule,
    saves: savesNamespace(schedule),
    idle: judgeSchedule(schedule, context),
  }));
  return viewOf(inventory).live ? all.filter(isAbout) : all;
}

/** Those that leave a namespace without a schedule that works. */
function findIdle(judged: readonly JudgedSchedule[], inventory: Inventory): readonly JudgedSchedule[] {
  const lacking = namespacesOf(inventory).filter((namespace) => {
    const own = judged.filter(({ saves }) => saves(namespace));
    return own.length > 0 && own.every(({ idle }) => idle !== undefined);
  });
  return judged.filter(({ idle, saves }) => idle !== undefined && lacking.some(saves));
}

/** Whether a store shows that a schedule works: another one than those that are known not to. */
function isShownInStore({ inventory, options: { today } }: CheckContext, idle: readonly JudgedSchedule[]): boolean {
  const isRecent = ({ date = '' }: BackupEvidence): boolean => daysSince(date, today) <= rhythm;
  const names = new Set(['', ...idle.map(({ schedule }) => schedule.name)]);
  return savedBackups(inventory).some((each) => !names.has(each.schedule) && isRecent(each));
}

function tellMissing(inventory: Inventory): AppDiagnostic {
  const data = keepsData(inventory) ? ['--default-volumes-to-fs-backup'] : [];
  return {
    message: 'no backup runs by itself: the newest one is as old as the last time somebody thought of it',
    evidence: 'no schedule of a backup tool in the input',
    command: commandOf(
      inventory,
      ['schedule', 'create', 'nightly'],
      ['--schedule', '0 3 * * *', '--image', 'IMAGE', '--copy-credentials', ...data],
    ),
  };
}

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
    remediation: 'Turn the backup into a schedule, and see that its runs succeed.',
    minutes: 15,
  },
  {
    // Where nothing is backed up at all, backup-missing says so.
    applies: ({ inventory }) =>
      inventory.workloads.length > 0 && (backupObjects(inventory).length > 0 || savedBackups(inventory).length > 0),
    find: (context) => {
      const judged = judgeSchedules(context);
      const idle = findIdle(judged, context.inventory);
      const isMissing = judged.length === 0;
      if ((!isMissing && idle.length === 0) || isShownInStore(context, idle)) return undefined;
      return isMissing ? tellMissing(context.inventory) : idle.flatMap((each) => each.idle?.told ?? []);
    },
  },
);
