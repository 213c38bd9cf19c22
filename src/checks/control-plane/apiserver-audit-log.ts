// Judges --audit-log-path of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverAuditLog = flagCheck(
  {
    id: 'apiserver-audit-log',
    family: 'control-plane',
    title: 'Requests are recorded in an audit log',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.16' }],
    remediation: 'Set --audit-log-path and --audit-policy-file.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'audit-log-path',
    holds: (value, flags) => value !== undefined || flags.has('audit-webhook-config-file'),
    problem: 'keeps no audit log',
  },
);
