// Finds roles that can create or change workloads.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

/** A change of a pod can only replace images: this too runs code with the pod's account. */
const workloads = [
  ...requestsFor(['update', 'patch'], '', 'pods'),
  ...requestsFor(['create', 'update', 'patch'], '', 'replicationcontrollers'),
  ...['deployments', 'daemonsets', 'statefulsets', 'replicasets'].flatMap((resource) =>
    requestsFor(['create', 'update', 'patch'], 'apps', resource),
  ),
  ...['jobs', 'cronjobs'].flatMap((resource) => requestsFor(['create', 'update', 'patch'], 'batch', resource)),
];

export const workloadsWrite = grantCheck(
  rbacMeta({
    id: 'workloads-write',
    title: 'Roles do not create or change workloads',
    severity: 'high',
    references: [
      { framework: 'MITRE', id: 'T1610' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation:
      'Leave creating and changing workloads to the pipeline that deploys, and give programs read access or the subresource scale.',
    minutes: 30,
  }),
  {
    ability: 'create or change workloads',
    consequence: 'a pod template can mount any Secret and run as any account of its namespace',
    requests: workloads,
  },
);
