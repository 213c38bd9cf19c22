// Finds two entries with the same key in a list that Kubernetes merges by key.

import { schemaCheck } from './schema-problems.ts';

export const duplicateListEntry = schemaCheck(
  {
    id: 'duplicate-list-entry',
    family: 'api',
    title: 'Entries of keyed lists are unique',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove or rename one of the entries.',
    minutes: 5,
  },
  ['duplicate-list-key'],
);
