// Finds objects without a name.

import { objectCheck } from '../check.ts';

export const nameMissing = objectCheck(
  {
    id: 'name-missing',
    family: 'api',
    title: 'Every object has a name',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add metadata.name.',
    minutes: 2,
  },
  {
    kinds: ['*'],
    applies: ({ kind }) => kind !== 'Kustomization' && !kind.endsWith('List'),
    find: ({ kind, name }) => {
      if (name !== '') return undefined;
      return {
        message: `a ${kind} has no name: the API server refuses it`,
        path: ['metadata', 'name'],
        evidence: 'neither metadata.name nor generateName is set',
      };
    },
  },
);
