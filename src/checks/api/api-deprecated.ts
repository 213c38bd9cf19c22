// Finds objects whose API version is deprecated in the target version.

import { findLifecycle, fixLifecycle } from './lifecycle-diagnostic.ts';
import { objectCheck } from '../check.ts';

export const apiDeprecated = objectCheck(
  {
    id: 'api-deprecated',
    family: 'api',
    title: 'No object uses a deprecated API version',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [{ framework: 'Kubernetes', id: 'Deprecated API migration guide' }],
    remediation: 'Move to the replacement before the version is removed.',
    minutes: 15,
  },
  {
    kinds: ['*'],
    find: (object, { options }) => findLifecycle(object, 'deprecated', options.minor),
    fix: (object, _diagnostic, { options }) => fixLifecycle(object, options.minor),
  },
);
