// Judges --authorization-mode of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverAuthorizationMode = flagCheck(
  {
    id: 'apiserver-authorization-mode',
    family: 'control-plane',
    title: 'The API server authorises requests',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '1.2.6' }],
    remediation: 'Set --authorization-mode=Node,RBAC.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'authorization-mode',
    holds: (value, flags) => flags.has('authorization-config') || (value !== undefined && !lists(value, 'AlwaysAllow')),
    problem: 'allows every request',
  },
);
