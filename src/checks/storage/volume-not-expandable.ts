// Finds storage classes whose volumes cannot grow.

import { objectCheck } from '../check.ts';
import { offerValue } from '../fix.ts';

export const volumeNotExpandable = objectCheck(
  {
    id: 'volume-not-expandable',
    family: 'storage',
    title: 'Volumes can grow',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Set allowVolumeExpansion: true on the class.',
    minutes: 2,
  },
  {
    kinds: ['storage.k8s.io/StorageClass'],
    find: ({ name, raw }) => {
      if (raw['allowVolumeExpansion'] === true) return undefined;
      return {
        message: `a full volume of class "${name}" cannot be enlarged, only replaced`,
        path: ['allowVolumeExpansion'],
        evidence: 'allowVolumeExpansion is not true',
      };
    },
    fix: offerValue(true, {
      id: 'expandable',
      title: 'Let volumes of the class grow',
      consequence:
        'whoever may change a claim may make it larger, and smaller never; the storage driver must support it',
    }),
  },
);
