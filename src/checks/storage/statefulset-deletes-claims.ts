// Finds StatefulSets that delete their claims.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { setTo } from '../fix.ts';

export const statefulsetDeletesClaims = objectCheck(
  {
    id: 'statefulset-deletes-claims',
    family: 'storage',
    title: 'StatefulSets leave their data behind',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Remove persistentVolumeClaimRetentionPolicy, or set whenDeleted to Retain.',
    minutes: 2,
  },
  {
    kinds: ['apps/StatefulSet'],
    find: ({ name, raw }) => {
      const policy = asObject(asObject(raw['spec'])['persistentVolumeClaimRetentionPolicy']);
      return (['whenDeleted', 'whenScaled'] as const)
        .filter((field) => policy[field] === 'Delete')
        .map((field) => ({
          message: `the data of "${name}" is deleted when it is ${field === 'whenDeleted' ? 'removed' : 'scaled down'}`,
          path: ['spec', 'persistentVolumeClaimRetentionPolicy', field],
          evidence: `${field} is Delete`,
        }));
    },
    fix: setTo('Retain'),
  },
);
