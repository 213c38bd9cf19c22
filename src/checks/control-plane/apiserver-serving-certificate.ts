// Judges --tls-cert-file of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverServingCertificate = flagCheck(
  {
    id: 'apiserver-serving-certificate',
    family: 'control-plane',
    title: 'The API server has a serving certificate',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.24' }],
    remediation: 'Set --tls-cert-file and --tls-private-key-file.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'tls-cert-file',
    holds: (value, flags) => value !== undefined && flags.has('tls-private-key-file'),
    problem: 'makes its serving certificate up by itself',
  },
);
