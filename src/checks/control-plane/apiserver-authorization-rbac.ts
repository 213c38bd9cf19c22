// Judges --authorization-mode of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverAuthorizationRbac = flagCheck(
  {
    id: 'apiserver-authorization-rbac',
    family: 'control-plane',
    title: 'Rights are given by RBAC',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.8' }],
    remediation: 'Add RBAC to --authorization-mode.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'authorization-mode',
    holds: (value, flags) => flags.has('authorization-config') || lists(value, 'RBAC'),
    problem: 'does not use RBAC',
  },
);
