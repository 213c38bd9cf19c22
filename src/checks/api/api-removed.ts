// Finds objects whose API version is removed in the target version.

import { findLifecycle, fixLifecycle } from './lifecycle-diagnostic.ts';
import { objectCheck } from '../check.ts';

export const apiRemoved = objectCheck(
  {
    id: 'api-removed',
    family: 'api',
    title: 'No object uses a removed API version',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'critical',
    references: [{ framework: 'Kubernetes', id: 'Deprecated API migration guide' }],
    remediation: 'Move to the replacement and adapt the fields that changed.',
    minutes: 15,
  },
  {
    kinds: ['*'],
    find: (object, { options }) => findLifecycle(object, 'removed', options.minor),
    fix: (object, _diagnostic, { options }) => fixLifecycle(object, options.minor),
  },
);
