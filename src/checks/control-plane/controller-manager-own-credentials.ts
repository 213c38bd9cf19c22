// Judges --use-service-account-credentials of kube-controller-manager.

import { flagCheck } from './component-flags.ts';

export const controllerManagerOwnCredentials = flagCheck(
  {
    id: 'controller-manager-own-credentials',
    family: 'control-plane',
    title: 'Each controller has rights of its own',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.3.3' }],
    remediation: 'Set --use-service-account-credentials=true.',
    minutes: 15,
  },
  {
    component: 'kube-controller-manager',
    flag: 'use-service-account-credentials',
    holds: (value) => value === 'true',
    problem: 'runs all controllers with one set of rights',
  },
);
