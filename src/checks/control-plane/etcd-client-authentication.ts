// Judges --client-cert-auth of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdClientAuthentication = flagCheck(
  {
    id: 'etcd-client-authentication',
    family: 'control-plane',
    title: 'etcd asks its clients who they are',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '2.2' }],
    remediation: 'Set --client-cert-auth=true.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'client-cert-auth',
    holds: (value) => value === 'true',
    problem: 'lets everybody in who reaches it',
  },
);
