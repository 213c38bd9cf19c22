// Finds snapshot classes whose snapshots go with the namespace.

import { objectCheck } from '../check.ts';
import { offerValue } from '../fix.ts';

export const snapshotDeletedWithObject = objectCheck(
  {
    id: 'snapshot-deleted-with-object',
    family: 'backups',
    title: 'Snapshots outlive their object',
    leg: 'backups',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Set deletionPolicy: Retain on the class used for backups.',
    minutes: 2,
  },
  {
    kinds: ['snapshot.storage.k8s.io/VolumeSnapshotClass'],
    find: ({ name, raw }) => {
      if (raw['deletionPolicy'] !== 'Delete') return undefined;
      return {
        message: `snapshots of class "${name}" are deleted together with their namespace`,
        path: ['deletionPolicy'],
        evidence: 'deletionPolicy is Delete',
      };
    },
    fix: offerValue('Retain', {
      id: 'retain',
      title: 'Keep snapshots when their object is deleted',
      consequence: 'they are paid for until somebody deletes them by hand; what exists already keeps its old policy',
    }),
  },
);
