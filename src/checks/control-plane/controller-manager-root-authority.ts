// Judges --root-ca-file of kube-controller-manager.

import { flagCheck } from './component-flags.ts';

export const controllerManagerRootAuthority = flagCheck(
  {
    id: 'controller-manager-root-authority',
    family: 'control-plane',
    title: 'Pods can check the API server',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.3.5' }],
    remediation: 'Set --root-ca-file.',
    minutes: 15,
  },
  {
    component: 'kube-controller-manager',
    flag: 'root-ca-file',
    holds: (value) => value !== undefined,
    problem: 'gives pods no authority to check the API server with',
  },
);
