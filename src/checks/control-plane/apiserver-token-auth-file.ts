// Judges --token-auth-file of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverTokenAuthFile = flagCheck(
  {
    id: 'apiserver-token-auth-file',
    family: 'control-plane',
    title: 'No static tokens are accepted',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '1.2.2' }],
    remediation: 'Remove --token-auth-file and use an identity provider.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'token-auth-file',
    holds: (value) => value === undefined,
    problem: 'accepts tokens from a file',
  },
);
