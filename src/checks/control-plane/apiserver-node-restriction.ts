// Judges --enable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverNodeRestriction = flagCheck(
  {
    id: 'apiserver-node-restriction',
    family: 'control-plane',
    title: 'Kubelets may change only their own node',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.14' }],
    remediation: 'Add NodeRestriction to --enable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'enable-admission-plugins',
    holds: (value) => lists(value, 'NodeRestriction'),
    problem: 'lets a kubelet change other nodes and pods',
  },
);
