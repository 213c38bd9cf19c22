// Judges --disable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverServiceAccountAdmission = flagCheck(
  {
    id: 'apiserver-service-account-admission',
    family: 'control-plane',
    title: 'Service accounts are managed',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.12' }],
    remediation: 'Remove ServiceAccount from --disable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'disable-admission-plugins',
    holds: (value) => !lists(value, 'ServiceAccount'),
    problem: 'does not manage service accounts',
  },
);
