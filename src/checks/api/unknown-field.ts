// Finds fields that the target version does not know.

import { schemaCheck } from './schema-problems.ts';

export const unknownField = schemaCheck(
  {
    id: 'unknown-field',
    family: 'api',
    title: 'Objects have only fields that Kubernetes knows',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Correct the name of the field or move it to where it belongs.',
    minutes: 5,
  },
  ['unknown-field'],
);
