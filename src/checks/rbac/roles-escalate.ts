// Finds roles that can write rights they do not have.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const rolesEscalate = grantCheck(
  rbacMeta({
    id: 'roles-escalate',
    title: 'Nobody writes rights they do not have',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.1.8' },
      { framework: 'MITRE', id: 'T1098.006' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove the verb escalate.',
    minutes: 30,
  }),
  {
    ability: 'write roles with rights they do not have',
    consequence: 'with the right to change roles they give themselves any right',
    requests: [
      ...requestsFor(['escalate'], 'rbac.authorization.k8s.io', 'clusterroles'),
      ...requestsFor(['escalate'], 'rbac.authorization.k8s.io', 'roles'),
    ],
    named: () => true,
  },
);
