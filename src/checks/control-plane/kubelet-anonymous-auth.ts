// Judges authentication.anonymous.enabled of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletAnonymousAuth = kubeletCheck(
  {
    id: 'kubelet-anonymous-auth',
    family: 'control-plane',
    title: 'Kubelets answer nobody without a name',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '4.2.1' }],
    remediation: 'Set authentication.anonymous.enabled: false.',
    minutes: 15,
  },
  {
    path: ['authentication', 'anonymous', 'enabled'],
    holds: (value) => value !== true,
    problem: 'answers requests without a name',
  },
);
