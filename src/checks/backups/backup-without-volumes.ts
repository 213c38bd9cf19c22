// Finds Velero backups that leave volumes out.

import { keepsData, veleroTemplate } from './backup-tools.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

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
    remediation: 'Remove snapshotVolumes: false, or set defaultVolumesToFsBackup: true.',
    minutes: 5,
  },
  {
    kinds: ['velero.io/Schedule', 'velero.io/Backup'],
    find: (object, { inventory }) => {
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
    fix: (_object, { path = [] }) =>
      offer(
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
      ),
  },
);
