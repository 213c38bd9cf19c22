// Judges --audit-log-maxbackup of kube-apiserver.

import { atLeast, flagCheck, isUnlimited } from './component-flags.ts';

export const apiserverAuditLogFiles = flagCheck(
  {
    id: 'apiserver-audit-log-files',
    family: 'control-plane',
    title: 'Enough audit log files are kept',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.18' }],
    remediation: 'Set --audit-log-maxbackup=10 or more.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'audit-log-maxbackup',
    holds: (value, flags) => flags.has('audit-webhook-config-file') || isUnlimited(value) || atLeast(value, 10),
    problem: 'keeps fewer than ten audit log files',
  },
);
