// Finds roles that can change admission webhooks.

import { grantCheck, requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

export const webhookWrite = grantCheck(
  rbacMeta({
    id: 'webhook-write',
    title: 'Roles do not change admission webhooks',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.12' },
      { framework: 'MITRE', id: 'T1546' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Limit the rule with resourceNames to the webhook configuration of the program itself.',
    minutes: 30,
  }),
  {
    ability: 'change admission webhooks',
    consequence: 'a webhook sees every object that is written, Secrets too, and can change it',
    requests: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].flatMap((resource) =>
      requestsFor(['create', 'update', 'patch', 'delete'], 'admissionregistration.k8s.io', resource),
    ),
    clusterScoped: true,
  },
);
