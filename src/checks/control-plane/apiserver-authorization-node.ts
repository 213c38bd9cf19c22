// Judges --authorization-mode of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverAuthorizationNode = flagCheck(
  {
    id: 'apiserver-authorization-node',
    family: 'control-plane',
    title: 'Kubelets may read only what their pods need',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.7' }],
    remediation: 'Add Node to --authorization-mode.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'authorization-mode',
    holds: (value, flags) => flags.has('authorization-config') || lists(value, 'Node'),
    problem: 'lets kubelets read more than their own pods need',
  },
);
