// Judges --bind-address of kube-scheduler.

import { flagCheck } from './component-flags.ts';

export const schedulerBindAddress = flagCheck(
  {
    id: 'scheduler-bind-address',
    family: 'control-plane',
    title: 'The scheduler listens on its own node only',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.4.2' }],
    remediation: 'Set --bind-address=127.0.0.1.',
    minutes: 15,
  },
  {
    component: 'kube-scheduler',
    flag: 'bind-address',
    holds: (value) => value === '127.0.0.1' || value === '::1',
    problem: 'listens on every address',
  },
);
