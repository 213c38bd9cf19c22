// Finds roles that can create persistent volumes.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const persistentVolumeCreate = grantCheck(
  rbacMeta({
    id: 'persistent-volume-create',
    title: 'Roles do not create persistent volumes',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.9' },
      { framework: 'MITRE', id: 'T1611' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Remove create on persistentvolumes: claims are enough for an app.',
    minutes: 30,
  }),
  {
    ability: 'create persistent volumes',
    consequence: 'a volume of type hostPath opens the disk of a node, past Pod Security',
    requests: requestsFor(['create'], '', 'persistentvolumes'),
    clusterScoped: true,
  },
);
