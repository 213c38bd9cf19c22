// Finds names of Secret objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const secretMissing = missingTargetCheck(
  {
    id: 'secret-missing',
    family: 'references',
    title: 'Secrets that pods use exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation:
      'Make sure that the Secret is in the target cluster before the app, from a secret store rather than from git.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  {
    kinds: ['/Secret'],
    // Pods of an account start without the Secrets that it lists.
    given: ({ from }) => from.kind === 'ServiceAccount',
    verdict: 'unknown',
    consequence: 'if the cluster does not have it either, the pods do not start',
    certainly: 'what needs it does not start or is not served',
  },
);
