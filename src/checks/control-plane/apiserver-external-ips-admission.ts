// Judges --enable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverExternalIpsAdmission = flagCheck(
  {
    id: 'apiserver-external-ips-admission',
    family: 'control-plane',
    title: 'Services cannot claim foreign addresses',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.2.3' }],
    remediation: 'Add DenyServiceExternalIPs to --enable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'enable-admission-plugins',
    holds: (value) => lists(value, 'DenyServiceExternalIPs'),
    problem: 'lets Services claim any external address',
  },
);
