// Finds roles that can attach to running programs.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const podsAttach = grantCheck(
  rbacMeta({
    id: 'pods-attach',
    title: 'Roles do not attach to running programs',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1609' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove pods/attach from the role.',
    minutes: 30,
  }),
  {
    ability: 'attach to programs in pods',
    consequence: 'it reads what they print and writes to their input',
    requests: (minor) => requestsFor(minor < 35 ? ['create', 'get'] : ['create'], '', 'pods', 'attach'),
  },
);
