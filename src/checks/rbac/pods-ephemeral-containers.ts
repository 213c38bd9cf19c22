// Finds roles that can put containers into running pods.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const podsEphemeralContainers = grantCheck(
  rbacMeta({
    id: 'pods-ephemeral-containers',
    title: 'Roles do not put containers into running pods',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1609' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove pods/ephemeralcontainers from the role.',
    minutes: 30,
  }),
  {
    ability: 'put containers into running pods',
    consequence: 'the new container shares the network, the volumes and the account of the pod',
    requests: requestsFor(['update', 'patch'], '', 'pods', 'ephemeralcontainers'),
  },
);
