// Finds rights that are given to the account that every pod of a namespace has.

import { rbacMeta } from './rbac-meta.ts';
import { subjectCheck } from './subject-check.ts';

export const defaultAccountBound = subjectCheck(
  rbacMeta({
    id: 'default-account-bound',
    title: 'The default service accounts have no rights',
    level: 2,
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.1.5' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Give the workload an account of its own and bind that one.',
    minutes: 20,
  }),
  {
    matches: ({ kind, name }) => kind === 'ServiceAccount' && name === 'default',
    consequence: 'every pod of the namespace that names no account has these rights',
  },
);
