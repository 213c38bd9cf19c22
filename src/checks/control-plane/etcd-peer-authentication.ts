// Judges --peer-client-cert-auth of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdPeerAuthentication = flagCheck(
  {
    id: 'etcd-peer-authentication',
    family: 'control-plane',
    title: 'Members of etcd know each other',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '2.5' }],
    remediation: 'Set --peer-client-cert-auth=true.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'peer-client-cert-auth',
    holds: (value) => value === 'true',
    problem: 'lets everybody join as a peer',
  },
);
