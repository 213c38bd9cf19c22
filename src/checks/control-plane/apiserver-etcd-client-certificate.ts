// Judges --etcd-certfile of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverEtcdClientCertificate = flagCheck(
  {
    id: 'apiserver-etcd-client-certificate',
    family: 'control-plane',
    title: 'The API server shows etcd a certificate',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '1.2.23' }],
    remediation: 'Set --etcd-certfile and --etcd-keyfile.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'etcd-certfile',
    holds: (value, flags) => value !== undefined && flags.has('etcd-keyfile'),
    problem: 'talks to etcd without a certificate',
  },
);
