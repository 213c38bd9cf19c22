// Judges --enable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverEventRateLimit = flagCheck(
  {
    id: 'apiserver-event-rate-limit',
    family: 'control-plane',
    title: 'Events are limited',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'low',
    references: [{ framework: 'CIS', id: '1.2.9' }],
    remediation: 'Add EventRateLimit to --enable-admission-plugins, with its configuration.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'enable-admission-plugins',
    holds: (value) => lists(value, 'EventRateLimit'),
    problem: 'takes any number of events',
  },
);
