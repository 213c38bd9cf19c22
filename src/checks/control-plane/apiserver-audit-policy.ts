// Judges --audit-policy-file of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverAuditPolicy = flagCheck(
  {
    id: 'apiserver-audit-policy',
    family: 'control-plane',
    title: 'An audit policy says what is recorded',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '3.2.1' }],
    remediation: 'Set --audit-policy-file.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'audit-policy-file',
    holds: (value) => value !== undefined,
    problem: 'has no audit policy, so nothing is recorded',
  },
);
