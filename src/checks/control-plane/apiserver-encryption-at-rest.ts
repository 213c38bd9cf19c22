// Judges --encryption-provider-config of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverEncryptionAtRest = flagCheck(
  {
    id: 'apiserver-encryption-at-rest',
    family: 'control-plane',
    title: 'Secrets are encrypted in etcd',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.27' }],
    remediation: 'Set --encryption-provider-config.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'encryption-provider-config',
    holds: (value) => value !== undefined,
    problem: 'keeps Secrets unencrypted in etcd',
  },
);
