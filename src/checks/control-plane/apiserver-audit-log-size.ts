// Judges --audit-log-maxsize of kube-apiserver.

import { atLeast, flagCheck, isUnlimited } from './component-flags.ts';

export const apiserverAuditLogSize = flagCheck(
  {
    id: 'apiserver-audit-log-size',
    family: 'control-plane',
    title: 'Audit log files are large enough',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.19' }],
    remediation: 'Set --audit-log-maxsize=100 or more.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'audit-log-maxsize',
    holds: (value, flags) => flags.has('audit-webhook-config-file') || isUnlimited(value) || atLeast(value, 100),
    problem: 'rotates its audit log below 100 megabytes',
  },
);
