// Judges --anonymous-auth of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverAnonymousAuth = flagCheck(
  {
    id: 'apiserver-anonymous-auth',
    family: 'control-plane',
    title: 'The API server answers nobody without a name',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'high',
    references: [{ framework: 'CIS', id: '1.2.1' }],
    remediation: 'Set --anonymous-auth=false.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'anonymous-auth',
    holds: (value) => value === 'false',
    problem: 'answers requests without a name',
  },
);
