// Finds roles that can bind roles stronger than themselves.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

/** Names that give the power away even in a short list. */
const strong = ['cluster-admin', 'admin'];

export const rolesBind = grantCheck(
  rbacMeta({
    id: 'roles-bind',
    title: 'Nobody binds roles stronger than their own',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.1.8' },
      { framework: 'MITRE', id: 'T1098.006' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove the verb bind, or limit it with resourceNames to the roles that may be given away.',
    minutes: 30,
  }),
  {
    ability: 'bind roles stronger than their own',
    consequence: 'with the right to write bindings they give themselves any right',
    requests: [
      ...requestsFor(['bind'], 'rbac.authorization.k8s.io', 'clusterroles'),
      ...requestsFor(['bind'], 'rbac.authorization.k8s.io', 'roles'),
    ],
    named: (names) => names.some((name) => strong.includes(name)),
  },
);
