// Judges --auto-tls of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdAutoTls = flagCheck(
  {
    id: 'etcd-auto-tls',
    family: 'control-plane',
    title: 'etcd does not make up certificates',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '2.3' }],
    remediation: 'Remove --auto-tls.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'auto-tls',
    holds: (value) => value !== 'true',
    problem: 'makes up its own certificates',
  },
);
