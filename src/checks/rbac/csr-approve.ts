// Finds roles that can approve client certificates.

import { parseRules, ruleAllows } from '../../kube/rbac.ts';
import type { KubeObject } from '../../model/index.ts';
import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

const group = 'certificates.k8s.io';

/** Signers whose certificates log in to the API; `kubernetes.io/*` stands for all of that domain. */
const loginSigners = [
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/*',
];

function approvesLogins({ raw }: KubeObject): boolean {
  return parseRules(raw['rules']).some((rule) =>
    loginSigners.some((name) => ruleAllows(rule, { verb: 'approve', group, resource: 'signers', name })),
  );
}

export const csrApprove = grantCheck(
  rbacMeta({
    id: 'csr-approve',
    title: 'Nobody approves client certificates on their own',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.11' },
      { framework: 'MITRE', id: 'T1098' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove update on certificatesigningrequests/approval, or limit signers to the one that is meant.',
    minutes: 30,
  }),
  {
    ability: 'approve certificates that the API accepts as a login',
    consequence: 'a certificate for any user name cannot be taken back',
    requests: requestsFor(['update', 'patch'], group, 'certificatesigningrequests', 'approval'),
    clusterScoped: true,
    reaches: (_, role) => approvesLogins(role),
  },
);
