// Judges authorization.mode of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletAuthorization = kubeletCheck(
  {
    id: 'kubelet-authorization',
    family: 'control-plane',
    title: 'Kubelets ask who may do what',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '4.2.2' }],
    remediation: 'Set authorization.mode: Webhook.',
    minutes: 15,
  },
  {
    path: ['authorization', 'mode'],
    holds: (value) => value !== 'AlwaysAllow',
    problem: 'allows every request',
  },
);
