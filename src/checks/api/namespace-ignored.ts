// Finds namespaces on objects that live in none.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { removeField } from '../fix.ts';

export const namespaceIgnored = objectCheck(
  {
    id: 'namespace-ignored',
    family: 'api',
    title: 'Cluster-wide objects name no namespace',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Remove metadata.namespace.',
    minutes: 2,
  },
  {
    kinds: ['*'],
    applies: ({ namespace }) => namespace === '',
    find: ({ kind, name, raw }) => {
      if ((asString(asObject(raw['metadata'])['namespace']) ?? '') === '') return undefined;
      return {
        message: `${kind} "${name}" counts for the whole cluster, whatever namespace it names`,
        path: ['metadata', 'namespace'],
        evidence: 'the kind is cluster-scoped',
      };
    },
    fix: removeField,
  },
);
