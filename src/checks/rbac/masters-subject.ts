// Finds bindings of the group that is beyond all rules.

import { rbacMeta } from './rbac-meta.ts';
import { subjectCheck } from './subject-check.ts';

export const mastersSubject = subjectCheck(
  rbacMeta({
    id: 'masters-subject',
    title: 'The group system:masters is not used',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.7' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Put the people into a group of your own and bind that one.',
    minutes: 30,
  }),
  {
    matches: ({ kind, name }) => kind === 'Group' && name === 'system:masters',
    consequence: 'its members have every right anyway, and removing the binding takes none of them away',
  },
);
