// Judges --kubelet-certificate-authority of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverKubeletAuthority = flagCheck(
  {
    id: 'apiserver-kubelet-authority',
    family: 'control-plane',
    title: 'The API server checks the certificates of kubelets',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.5' }],
    remediation: 'Set --kubelet-certificate-authority.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'kubelet-certificate-authority',
    holds: (value) => value !== undefined,
    problem: 'does not check the certificates of kubelets',
  },
);
