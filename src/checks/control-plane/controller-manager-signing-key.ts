// Judges --service-account-private-key-file of kube-controller-manager.

import { flagCheck } from './component-flags.ts';

export const controllerManagerSigningKey = flagCheck(
  {
    id: 'controller-manager-signing-key',
    family: 'control-plane',
    title: 'Service account tokens are signed with a key of their own',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.3.4' }],
    remediation: 'Set --service-account-private-key-file.',
    minutes: 15,
  },
  {
    component: 'kube-controller-manager',
    flag: 'service-account-private-key-file',
    holds: (value) => value !== undefined,
    problem: 'has no key for service account tokens',
  },
);
