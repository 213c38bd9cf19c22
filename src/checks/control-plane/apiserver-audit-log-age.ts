// Judges --audit-log-maxage of kube-apiserver.

import { atLeast, flagCheck, isUnlimited } from './component-flags.ts';

export const apiserverAuditLogAge = flagCheck(
  {
    id: 'apiserver-audit-log-age',
    family: 'control-plane',
    title: 'Audit logs are kept for a month',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.17' }],
    remediation: 'Set --audit-log-maxage=30 or more.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'audit-log-maxage',
    holds: (value, flags) => flags.has('audit-webhook-config-file') || isUnlimited(value) || atLeast(value, 30),
    problem: 'keeps audit logs for less than 30 days',
  },
);
