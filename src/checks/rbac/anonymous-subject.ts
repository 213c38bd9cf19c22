// Finds rights that are given to requests without a login.

import { rbacMeta } from './rbac-meta.ts';
import { subjectCheck } from './subject-check.ts';

export const anonymousSubject = subjectCheck(
  rbacMeta({
    id: 'anonymous-subject',
    title: 'Nobody has rights without a login',
    owner: 'cluster-administrator',
    severity: 'critical',
    references: [
      { framework: 'MITRE', id: 'T1078' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Bind the user or account that needs the role instead of system:anonymous or system:unauthenticated.',
    minutes: 20,
  }),
  {
    matches: ({ kind, name }) =>
      (kind === 'User' && name === 'system:anonymous') || (kind === 'Group' && name === 'system:unauthenticated'),
    harmlessRoles: [
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
      'kubeadm:bootstrap-signer-clusterinfo',
    ],
    consequence: 'whoever reaches the API has its rights without a login',
  },
);
