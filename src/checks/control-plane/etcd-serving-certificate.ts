// Judges --cert-file of etcd.

import { flagCheck } from './component-flags.ts';

export const etcdServingCertificate = flagCheck(
  {
    id: 'etcd-serving-certificate',
    family: 'control-plane',
    title: 'etcd encrypts its connections',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [{ framework: 'CIS', id: '2.1' }],
    remediation: 'Set --cert-file and --key-file.',
    minutes: 15,
  },
  {
    component: 'etcd',
    flag: 'cert-file',
    holds: (value, flags) => value !== undefined && flags.has('key-file'),
    problem: 'talks plain text to its clients',
  },
);
