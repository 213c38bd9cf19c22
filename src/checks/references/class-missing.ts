// Finds names of StorageClass, IngressClass, PriorityClass, RuntimeClass objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const classMissing = missingTargetCheck(
  {
    id: 'class-missing',
    family: 'references',
    title: 'Classes that objects name exist in the target cluster',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Ask the administrator which classes the target cluster has.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  {
    kinds: [
      'storage.k8s.io/StorageClass',
      'networking.k8s.io/IngressClass',
      'scheduling.k8s.io/PriorityClass',
      'node.k8s.io/RuntimeClass',
    ],
    given: ({ name }) => name.startsWith('system-'),
    verdict: 'unknown',
    consequence: 'another cluster may not have it',
    certainly: 'claims stay pending, routes are not served, pods are refused',
  },
);
