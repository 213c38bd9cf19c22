// Judges --peer-cert-file of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdPeerCertificate = flagCheck(
  {
    id: 'etcd-peer-certificate',
    family: 'control-plane',
    title: 'Members of etcd encrypt their connections',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '2.4' }],
    remediation: 'Set --peer-cert-file and --peer-key-file.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'peer-cert-file',
    holds: (value, flags) => value !== undefined && flags.has('peer-key-file'),
    problem: 'talks plain text to its peers',
  },
);
