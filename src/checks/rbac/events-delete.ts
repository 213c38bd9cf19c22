// Finds roles that can remove events.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const eventsDelete = grantCheck(
  rbacMeta({
    id: 'events-delete',
    title: 'Roles do not remove events',
    severity: 'medium',
    references: [
      { framework: 'MITRE', id: 'T1070' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove delete and deletecollection on events.',
    minutes: 30,
  }),
  {
    ability: 'remove events',
    consequence: 'what happened can be made to look as if it had not',
    requests: ['', 'events.k8s.io'].flatMap((group) => requestsFor(['delete', 'deletecollection'], group, 'events')),
  },
);
