// Finds backups of Velero and of our schedules that leave volumes out.

import type { Inventory } from '../../inventory/index.ts';
import { wordsOfRun, wordsPath } from '../../kube/backup-schedule.ts';
import type { Diagnostic, KubeObject } from '../../model/index.ts';
import { isOwnSchedule, keepsData, savesData, veleroTemplate } from './backup-tools.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

function findOwn(object: KubeObject, inventory: Inventory): Diagnostic | undefined {
  if (!keepsData(inventory) || savesData(object, inventory)) return undefined;
  return {
    message: `backup schedule "${object.name}" saves the objects of the app without its data`,
    path: [...wordsPath],
    evidence: wordsOfRun(object.raw).includes('--no-volumes')
      ? 'runs are told --no-volumes'
      : 'only volumes that pods name are saved, and no pod names one',
  };
}

export const backupWithoutVolumes = objectCheck(
  {
    id: 'backup-without-volumes',
    family: 'backups',
    title: 'Backups include volumes',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation:
      'Remove snapshotVolumes: false, or set defaultVolumesToFsBackup: true; make a schedule of nowwhat again with --default-volumes-to-fs-backup.',
    minutes: 5,
  },
  {
    kinds: ['velero.io/Schedule', 'velero.io/Backup', 'batch/CronJob'],
    applies: (object) => object.kind !== 'CronJob' || isOwnSchedule(object),
    find: (object, { inventory }) => {
      if (object.kind === 'CronJob') return findOwn(object, inventory);
      const template = veleroTemplate(object);
      if (
        template['snapshotVolumes'] !== false ||
        template['defaultVolumesToFsBackup'] === true ||
        !keepsData(inventory)
      )
        return undefined;
      return {
        message: `backup "${object.name}" saves the objects of the app without its data`,
        path: object.kind === 'Schedule' ? ['spec', 'template', 'snapshotVolumes'] : ['spec', 'snapshotVolumes'],
        evidence: 'snapshotVolumes is false and defaultVolumesToFsBackup is not true',
      };
    },
    fix: ({ kind }, { path = [] }) => {
      // Its account has rights that go with the volumes: it is made again.
      if (kind === 'CronJob') return undefined;
      return offer(
        way(
          {
            id: 'snapshots',
            title: 'Save volumes as snapshots',
            consequence: 'a storage driver with snapshots must be there; snapshots of some clouds stay in their region',
          },
          [{ op: 'remove', path }],
        ),
        way(
          {
            id: 'files',
            title: 'Save the files of all volumes',
            consequence: "Velero's node agent must run; files are read while programs write them",
          },
          [{ op: 'set', path: [...path.slice(0, -1), 'defaultVolumesToFsBackup'], value: true }],
        ),
      );
    },
  },
);
