// Finds roles that can change the cluster's DNS configuration.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const corednsWrite = grantCheck(
  rbacMeta({
    id: 'coredns-write',
    title: "Roles do not change the cluster's DNS",
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [
      { framework: 'MITRE', id: 'T1557' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Limit configmaps to the namespace of the app with a Role, or to names with resourceNames.',
    minutes: 30,
  }),
  {
    ability: 'change ConfigMap "coredns" of kube-system',
    consequence: 'every name that the pods look up can be sent elsewhere',
    requests: requestsFor(['update', 'patch'], '', 'configmaps'),
    named: (names) => names.includes('coredns'),
    reaches: (scopes) => scopes.some((scope) => scope === '' || scope === 'kube-system'),
  },
);
