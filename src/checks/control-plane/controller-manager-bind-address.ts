// Judges --bind-address of kube-controller-manager.

import { flagCheck } from './component-flags.ts';

export const controllerManagerBindAddress = flagCheck(
  {
    id: 'controller-manager-bind-address',
    family: 'control-plane',
    title: 'The controller manager listens on its own node only',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.3.7' }],
    remediation: 'Set --bind-address=127.0.0.1.',
    minutes: 15,
  },
  {
    component: 'kube-controller-manager',
    flag: 'bind-address',
    holds: (value) => value === '127.0.0.1' || value === '::1',
    problem: 'listens on every address',
  },
);
