// Judges --kubelet-client-certificate of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverKubeletClientCertificate = flagCheck(
  {
    id: 'apiserver-kubelet-client-certificate',
    family: 'control-plane',
    title: 'The API server shows kubelets a certificate',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.4' }],
    remediation: 'Set --kubelet-client-certificate and --kubelet-client-key.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'kubelet-client-certificate',
    holds: (value, flags) => value !== undefined && flags.has('kubelet-client-key'),
    problem: 'talks to kubelets without a certificate of its own',
  },
);
