// Finds databases on volumes without backup hooks, in apps whose volumes Velero saves.

import type { Inventory } from '../../inventory/index.ts';
import { wordsOfRun } from '../../kube/backup-schedule.ts';
import { asArray, asObject, asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { ownSchedules, savesData, veleroTemplate } from './backup-tools.ts';

const databases =
  /(?:^|\/)(?:postgres|postgresql|postgis|timescaledb|mysql|mysql-server|mariadb|mongo|mongodb|percona|cassandra|elasticsearch|influxdb|neo4j)(?::|@|$)/;

/** Hooks may stand in the schedule as well, with a selector of their own. */
function hasScheduledHooks(inventory: Inventory): boolean {
  return [...inventory.ofKind('velero.io/Schedule'), ...ownSchedules(inventory)].some(
    (schedule) => asArray(asObject(veleroTemplate(schedule)['hooks'])['resources']).length > 0,
  );
}

/** A dump is of one moment, or says that it is not. */
function savesFiles(inventory: Inventory): boolean {
  const own = ownSchedules(inventory).filter(({ raw }) => !wordsOfRun(raw).includes('--dump'));
  return inventory.ofKind('velero.io/Schedule').length > 0 || own.some((each) => savesData(each, inventory));
}

export const backupHookMissing = containerCheck(
  {
    id: 'backup-hook-missing',
    family: 'backups',
    title: 'Databases are quiet while their volume is saved',
    leg: 'backups',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add pre and post backup hooks that freeze or dump the database.',
    minutes: 60,
  },
  {
    applies: ({ role, raw }, { object }, { inventory }) =>
      role === 'container' &&
      object.group !== 'batch' &&
      databases.test(asString(raw['image']) ?? '') &&
      asArray(raw['volumeMounts']).length > 0 &&
      inventory.derive(savesFiles),
    find: ({ name }, { annotations, templatePath }, { inventory }) => {
      if ('pre.hook.backup.velero.io/command' in annotations || inventory.derive(hasScheduledHooks)) return undefined;
      return {
        message: `the files of database "${name}" are saved while it writes: a restore may find them torn`,
        path: [...templatePath, 'metadata', 'annotations'],
        evidence: 'no pre.hook.backup.velero.io/command annotation on the pods, no hooks in the schedules',
      };
    },
  },
);
