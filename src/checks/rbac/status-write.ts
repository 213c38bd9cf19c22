// Finds roles that can write the status of nodes, pods or services.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const statusWrite = grantCheck(
  rbacMeta({
    id: 'status-write',
    title: 'Roles do not write the status of nodes, pods or services',
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K03' }],
    remediation: 'Remove update and patch on the status of nodes, pods and services.',
    minutes: 30,
  }),
  {
    ability: 'write the status of nodes, pods or services',
    consequence: 'the cluster acts on what they claim: where traffic goes, which nodes are well',
    requests: ['nodes', 'pods', 'services'].flatMap((resource) =>
      requestsFor(['update', 'patch'], '', resource, 'status'),
    ),
  },
);
