// Finds two entries with the same key in a list that Kubernetes merges by key.

import { schemaCheck } from './schema-problems.ts';
import { asArray, isSameJson, valueAt } from '../../model/index.ts';

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
  ({ path }, { raw }) => {
    const items = asArray(valueAt(raw, path.slice(0, -1)));
    const index = Number(path.at(-1));
    // The same entry twice says no more than once.
    const isRepeated = items.slice(0, index).some((item) => isSameJson(item, items[index]));
    return isRepeated ? [{ op: 'remove', path }] : undefined;
  },
);
