// Judges --tls-cipher-suites of the API server.

import { isWeakCipher } from './cipher-suites.ts';
import { flagCheck } from './component-flags.ts';

export const apiserverTlsCiphers = flagCheck(
  {
    id: 'apiserver-tls-ciphers',
    family: 'control-plane',
    title: 'The API server accepts strong ciphers only',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.2.29' }],
    remediation: 'Leave --tls-cipher-suites out, or list suites with ECDHE and GCM or CHACHA20.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'tls-cipher-suites',
    holds: (value) => !(value ?? '').split(',').some(isWeakCipher),
    problem: 'accepts ciphers that can be broken',
  },
);
