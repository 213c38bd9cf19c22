// Finds required fields that are missing.

import { schemaCheck } from './schema-problems.ts';

export const missingField = schemaCheck(
  {
    id: 'missing-field',
    family: 'api',
    title: 'Objects have the fields that Kubernetes requires',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the field.',
    minutes: 5,
  },
  ['missing-field'],
);
