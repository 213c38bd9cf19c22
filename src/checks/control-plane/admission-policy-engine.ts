// The cluster enforces policies at admission: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const admissionPolicyEngine = clusterOnlyCheck(
  {
    id: 'admission-policy-engine',
    family: 'control-plane',
    title: 'The cluster enforces policies at admission',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '5.2.1' }],
    remediation:
      'Label namespaces for Pod Security, and use ValidatingAdmissionPolicy or a policy engine for rules of your own.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  'whether the cluster enforces policies at admission cannot be seen in files',
);
