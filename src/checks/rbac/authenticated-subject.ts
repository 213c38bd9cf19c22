// Finds rights that are given to everybody with any login, or to every service account.

import { rbacMeta } from './rbac-meta.ts';
import { subjectCheck } from './subject-check.ts';

const everyAccountOfNamespace = 'system:serviceaccounts:';

export const authenticatedSubject = subjectCheck(
  rbacMeta({
    id: 'authenticated-subject',
    title: 'Rights are not given to everybody with a login',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1078' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Bind the users, groups or accounts that need the role.',
    minutes: 20,
  }),
  {
    matches: ({ kind, name }) =>
      kind === 'Group' &&
      (name === 'system:authenticated' ||
        name === 'system:serviceaccounts' ||
        name.startsWith(everyAccountOfNamespace)),
    harmlessRoles: [
      'system:basic-user',
      'system:discovery',
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
    ],
    consequence: 'every present and future member has its rights, each pod with a token among them',
    severity: ({ name }) => (name.startsWith(everyAccountOfNamespace) ? 'medium' : undefined),
  },
);
