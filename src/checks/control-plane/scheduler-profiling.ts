// Judges --profiling of kube-scheduler.

import { flagCheck } from './component-flags.ts';

export const schedulerProfiling = flagCheck(
  {
    id: 'scheduler-profiling',
    family: 'control-plane',
    title: 'The scheduler offers no profiling',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.4.1' }],
    remediation: 'Set --profiling=false.',
    minutes: 15,
  },
  {
    component: 'kube-scheduler',
    flag: 'profiling',
    holds: (value) => value === 'false',
    problem: 'offers profiling data',
  },
);
