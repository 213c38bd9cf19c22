// Finds roles that can read Secrets.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const secretsRead = grantCheck(
  rbacMeta({
    id: 'secrets-read',
    title: 'Roles do not read Secrets at large',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.2' },
      { framework: 'MITRE', id: 'T1552.007' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove get, list and watch on secrets, or limit them with resourceNames to the Secrets needed.',
    minutes: 30,
  }),
  {
    ability: 'read Secrets',
    consequence: 'every password and token there is in reach',
    requests: requestsFor(['get', 'list', 'watch'], '', 'secrets'),
  },
);
