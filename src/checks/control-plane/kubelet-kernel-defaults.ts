// Judges protectKernelDefaults of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletKernelDefaults = kubeletCheck(
  {
    id: 'kubelet-kernel-defaults',
    family: 'control-plane',
    title: 'Kubelets do not change the kernel quietly',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [],
    remediation: 'Set protectKernelDefaults: true.',
    minutes: 15,
  },
  {
    path: ['protectKernelDefaults'],
    holds: (value) => value === true,
    problem: 'changes kernel settings without asking',
  },
);
