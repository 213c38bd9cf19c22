// Judges --profiling of kube-apiserver.

import { flagCheck } from './component-flags.ts';

export const apiserverProfiling = flagCheck(
  {
    id: 'apiserver-profiling',
    family: 'control-plane',
    title: 'The API server offers no profiling',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.15' }],
    remediation: 'Set --profiling=false.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'profiling',
    holds: (value) => value === 'false',
    problem: 'offers profiling data',
  },
);
