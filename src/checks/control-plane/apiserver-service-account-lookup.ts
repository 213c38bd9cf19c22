// Judges --service-account-lookup of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverServiceAccountLookup = flagCheck(
  {
    id: 'apiserver-service-account-lookup',
    family: 'control-plane',
    title: 'Tokens of deleted accounts are refused',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.21' }],
    remediation: 'Remove --service-account-lookup=false.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'service-account-lookup',
    holds: (value) => value !== 'false',
    problem: 'accepts tokens of deleted accounts',
  },
);
