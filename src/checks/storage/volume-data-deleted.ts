// Finds storage whose data is deleted together with the claim.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

export const volumeDataDeleted = objectCheck(
  {
    id: 'volume-data-deleted',
    family: 'storage',
    title: 'Data outlives the claim',
    leg: 'backups',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Set the reclaim policy to Retain for classes and volumes that hold data.',
    minutes: 10,
  },
  {
    kinds: ['storage.k8s.io/StorageClass', '/PersistentVolume'],
    find: ({ kind, name, raw }) => {
      const field =
        kind === 'StorageClass' ? raw['reclaimPolicy'] : asObject(raw['spec'])['persistentVolumeReclaimPolicy'];
      // The default is Delete for a class and Retain for a volume made by hand.
      const policy = field ?? (kind === 'StorageClass' ? 'Delete' : 'Retain');
      if (policy === 'Retain') return undefined;
      return {
        message: `data on ${kind} "${name}" is deleted as soon as its claim is`,
        path: kind === 'StorageClass' ? ['reclaimPolicy'] : ['spec', 'persistentVolumeReclaimPolicy'],
        evidence:
          field === undefined ? 'reclaimPolicy is not set, which means Delete' : 'the reclaim policy is not Retain',
      };
    },
    fix: ({ kind }, { path = [] }) =>
      offer(
        way(
          {
            id: 'retain',
            title: 'Keep the data when the claim is deleted',
            consequence:
              kind === 'StorageClass'
                ? 'volumes stay, and are paid for, until somebody deletes them by hand; a class that the cluster has already must be made anew'
                : 'the volume stays, and is paid for, until somebody deletes it by hand',
          },
          [{ op: 'set', path, value: 'Retain' }],
        ),
      ),
  },
);
