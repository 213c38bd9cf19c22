// Judges --client-ca-file of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverClientAuthority = flagCheck(
  {
    id: 'apiserver-client-authority',
    family: 'control-plane',
    title: 'Client certificates are checked',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.25' }],
    remediation: 'Set --client-ca-file.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'client-ca-file',
    holds: (value) => value !== undefined,
    problem: 'does not check client certificates',
  },
);
