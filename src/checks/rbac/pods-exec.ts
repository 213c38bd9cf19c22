// Finds roles that can run commands in pods.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const podsExec = grantCheck(
  rbacMeta({
    id: 'pods-exec',
    title: 'Roles do not run commands in pods',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1609' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove pods/exec from the role.',
    minutes: 30,
  }),
  {
    ability: 'run commands in pods',
    consequence: 'each pod lends its account, its Secrets and its network',
    requests: (minor) => requestsFor(minor < 35 ? ['create', 'get'] : ['create'], '', 'pods', 'exec'),
  },
);
