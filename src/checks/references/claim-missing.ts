// Finds names of PersistentVolumeClaim objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const claimMissing = missingTargetCheck(
  {
    id: 'claim-missing',
    family: 'references',
    title: 'Volume claims that pods use exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the PersistentVolumeClaim to the manifests or correct the name.',
    minutes: 10,
  },
  {
    kinds: ['/PersistentVolumeClaim'],
    verdict: 'fail',
    consequence: 'its pods stay Pending',
  },
);
