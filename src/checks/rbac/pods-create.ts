// Finds roles that can create pods.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const podsCreate = grantCheck(
  rbacMeta({
    id: 'pods-create',
    title: 'Roles do not create pods',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.4' },
      { framework: 'MITRE', id: 'T1610' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove create on pods, or let a controller of its own namespace make them.',
    minutes: 30,
  }),
  {
    ability: 'create pods',
    consequence: 'a pod can mount any Secret and run as any account of its namespace',
    requests: requestsFor(['create'], '', 'pods'),
  },
);
