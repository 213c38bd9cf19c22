// Judges tlsCipherSuites of a kubelet's configuration.

import { asArray } from '../../model/index.ts';
import { isWeakCipher } from './cipher-suites.ts';
import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletTlsCiphers = kubeletCheck(
  {
    id: 'kubelet-tls-ciphers',
    family: 'control-plane',
    title: 'Kubelets accept strong ciphers only',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '4.2.12' }],
    remediation: 'Leave tlsCipherSuites out, or list suites with ECDHE and GCM or CHACHA20.',
    minutes: 15,
  },
  {
    path: ['tlsCipherSuites'],
    holds: (value) => !asArray(value).some(isWeakCipher),
    problem: 'accepts ciphers that can be broken',
  },
);
