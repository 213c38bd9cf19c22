// Judges --profiling of kube-controller-manager.

import { flagCheck } from './component-flags.ts';

export const controllerManagerProfiling = flagCheck(
  {
    id: 'controller-manager-profiling',
    family: 'control-plane',
    title: 'The controller manager offers no profiling',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.3.2' }],
    remediation: 'Set --profiling=false.',
    minutes: 15,
  },
  {
    component: 'kube-controller-manager',
    flag: 'profiling',
    holds: (value) => value === 'false',
    problem: 'offers profiling data',
  },
);
