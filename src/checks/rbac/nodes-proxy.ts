// Finds roles that reach the kubelets through the API.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const nodesProxy = grantCheck(
  rbacMeta({
    id: 'nodes-proxy',
    title: 'Roles do not reach the kubelets through the API',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.10' },
      { framework: 'MITRE', id: 'T1609' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Replace nodes/proxy by nodes/metrics, nodes/stats, nodes/log or nodes/healthz.',
    minutes: 30,
  }),
  {
    ability: 'reach the kubelet of every node',
    consequence: 'the kubelet runs commands in every pod, past the API server and its audit log',
    requests: requestsFor(['get', 'create', 'update', 'patch', 'delete'], '', 'nodes', 'proxy'),
    clusterScoped: true,
    named: () => true,
  },
);
