// Finds objects whose API version is not yet served in the target version.

import { findLifecycle } from './lifecycle-diagnostic.ts';
import { objectCheck } from '../check.ts';

export const apiNotYetServed = objectCheck(
  {
    id: 'api-not-yet-served',
    family: 'api',
    title: 'The target version serves every API version',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Deprecated API migration guide' }],
    remediation: 'Use an older version of the API, or a newer target cluster.',
    minutes: 15,
  },
  {
    kinds: ['*'],
    find: (object, { options }) => findLifecycle(object, 'not-yet', options.minor),
  },
);
