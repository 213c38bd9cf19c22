// Finds kinds that the target version does not have.

import { schemaCheck } from './schema-problems.ts';

export const unknownKind = schemaCheck(
  {
    id: 'unknown-kind',
    family: 'api',
    title: 'The target version knows every kind',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    hides: ['*'],
    remediation: 'Correct apiVersion and kind, or add the CustomResourceDefinition to the input.',
    minutes: 5,
  },
  ['unknown-kind'],
  ({ path, rename }) => (rename === undefined ? undefined : [{ op: 'set', path, value: rename }]),
);
