// Finds values of the wrong type, outside of the allowed ones, or in the wrong format.

import { schemaCheck } from './schema-problems.ts';

export const invalidField = schemaCheck(
  {
    id: 'invalid-field',
    family: 'api',
    title: 'Fields have values that Kubernetes accepts',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Correct the value.',
    minutes: 5,
  },
  ['wrong-type', 'invalid-enum', 'invalid-format', 'invalid-value'],
);
