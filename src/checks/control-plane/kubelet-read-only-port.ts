// Judges readOnlyPort of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletReadOnlyPort = kubeletCheck(
  {
    id: 'kubelet-read-only-port',
    family: 'control-plane',
    title: 'Kubelets offer no port without authentication',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '4.2.4' }],
    remediation: 'Set readOnlyPort: 0.',
    minutes: 15,
  },
  {
    path: ['readOnlyPort'],
    holds: (value) => value === undefined || value === 0,
    problem: 'offers pod data to everybody on port 10255',
  },
);
