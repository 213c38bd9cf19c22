// Judges rotateCertificates of a kubelet's configuration.

import { kubeletCheck } from './kubelet-settings.ts';

export const kubeletCertificateRotation = kubeletCheck(
  {
    id: 'kubelet-certificate-rotation',
    family: 'control-plane',
    title: 'Kubelets renew their certificates',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '4.2.10' }],
    remediation: 'Remove rotateCertificates: false.',
    minutes: 15,
  },
  {
    path: ['rotateCertificates'],
    holds: (value) => value !== false,
    problem: 'does not renew its certificate',
  },
);
