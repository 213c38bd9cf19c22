// Judges podPidsLimit of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletPodPidLimit = kubeletCheck(
  {
    id: 'kubelet-pod-pid-limit',
    family: 'control-plane',
    title: 'A pod cannot use up the processes of its node',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '4.2.13' }],
    remediation: 'Set podPidsLimit, for example to 4096.',
    minutes: 15,
  },
  {
    path: ['podPidsLimit'],
    holds: (value) => typeof value === 'number' && value > 0,
    problem: 'lets one pod start any number of processes',
  },
);
