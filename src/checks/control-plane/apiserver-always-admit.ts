// Judges --enable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverAlwaysAdmit = flagCheck(
  {
    id: 'apiserver-always-admit',
    family: 'control-plane',
    title: 'Admission is not switched off',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '1.2.10' }],
    remediation: 'Remove AlwaysAdmit from --enable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'enable-admission-plugins',
    holds: (value) => !lists(value, 'AlwaysAdmit'),
    problem: 'admits every object unseen',
  },
);
