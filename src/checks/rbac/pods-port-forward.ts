// Finds roles that can open tunnels into pods.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const podsPortForward = grantCheck(
  rbacMeta({
    id: 'pods-port-forward',
    title: 'Roles do not open tunnels into pods',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1090' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove pods/portforward from the role.',
    minutes: 30,
  }),
  {
    ability: 'open tunnels to any port of pods',
    consequence: 'network policies and logins in front of the pods are passed by',
    requests: (minor) => requestsFor(minor < 35 ? ['create', 'get'] : ['create'], '', 'pods', 'portforward'),
  },
);
