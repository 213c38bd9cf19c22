// Judges --enable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverAlwaysPullImages = flagCheck(
  {
    id: 'apiserver-always-pull-images',
    family: 'control-plane',
    title: 'Images are pulled with the rights of the pod',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.11' }],
    remediation: 'Add AlwaysPullImages to --enable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'enable-admission-plugins',
    holds: (value) => lists(value, 'AlwaysPullImages'),
    problem: 'lets pods use private images that another pod left on the node',
  },
);
