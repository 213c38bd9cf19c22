// Judges authentication.x509.clientCAFile of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletClientAuthority = kubeletCheck(
  {
    id: 'kubelet-client-authority',
    family: 'control-plane',
    title: 'Kubelets check client certificates',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '4.2.3' }],
    remediation: 'Set authentication.x509.clientCAFile.',
    minutes: 15,
  },
  {
    path: ['authentication', 'x509', 'clientCAFile'],
    holds: (value) => typeof value === 'string' && value !== '',
    problem: 'cannot check client certificates',
  },
);
