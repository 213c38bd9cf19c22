// Finds fields that the target version does not know.

import { schemaCheck } from './schema-problems.ts';
import { asObject, valueAt } from '../../model/index.ts';

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
  ({ path, rename }, { raw }) => {
    if (rename === undefined) return undefined;
    const holder = asObject(valueAt(raw, path.slice(0, -1)));
    // Where the right name is there too, only the author knows which of the values was meant.
    return Object.hasOwn(holder, rename) ? undefined : [{ op: 'rename', path, name: rename }];
  },
);
