// Finds roles that can make tokens of service accounts.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const tokenCreate = grantCheck(
  rbacMeta({
    id: 'token-create',
    title: 'Roles do not make tokens of service accounts',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.13' },
      { framework: 'MITRE', id: 'T1528' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation:
      'Remove create on serviceaccounts/token, or limit it with resourceNames to the accounts it is meant for.',
    minutes: 30,
  }),
  {
    ability: 'make tokens of service accounts',
    consequence: 'a token makes them any account there, with all its rights',
    requests: requestsFor(['create'], '', 'serviceaccounts', 'token'),
  },
);
