// Judges --peer-auto-tls of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdPeerAutoTls = flagCheck(
  {
    id: 'etcd-peer-auto-tls',
    family: 'control-plane',
    title: 'Members of etcd do not make up certificates',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '2.6' }],
    remediation: 'Remove --peer-auto-tls.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'peer-auto-tls',
    holds: (value) => value !== 'true',
    problem: 'makes up its own certificates for peers',
  },
);
