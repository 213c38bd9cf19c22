// Judges --etcd-cafile of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverEtcdAuthority = flagCheck(
  {
    id: 'apiserver-etcd-authority',
    family: 'control-plane',
    title: 'The API server checks the certificate of etcd',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.26' }],
    remediation: 'Set --etcd-cafile.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'etcd-cafile',
    holds: (value) => value !== undefined,
    problem: 'does not check the certificate of etcd',
  },
);
