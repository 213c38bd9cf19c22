// Finds roles that can act as somebody else.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const impersonate = grantCheck(
  rbacMeta({
    id: 'impersonate',
    title: 'Nobody acts as somebody else',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.1.8' },
      { framework: 'MITRE', id: 'T1078' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove the verb impersonate, or limit it with resourceNames to the users it is meant for.',
    minutes: 30,
  }),
  {
    ability: 'act as other users, groups or accounts',
    consequence: 'whoever they name, they are',
    requests: ['users', 'groups', 'serviceaccounts'].flatMap((resource) => requestsFor(['impersonate'], '', resource)),
    named: (names) => names.some((name) => name.startsWith('system:')),
  },
);
