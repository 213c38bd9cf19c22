// Judges --disable-admission-plugins of kube-apiserver.

import { flagCheck, lists } from './component-flags.ts';

export const apiserverNamespaceLifecycle = flagCheck(
  {
    id: 'apiserver-namespace-lifecycle',
    family: 'control-plane',
    title: 'Objects cannot be made in namespaces that are gone',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '1.2.13' }],
    remediation: 'Remove NamespaceLifecycle from --disable-admission-plugins.',
    minutes: 15,
  },
  {
    component: 'kube-apiserver',
    flag: 'disable-admission-plugins',
    holds: (value) => !lists(value, 'NamespaceLifecycle'),
    problem: 'accepts objects in namespaces that do not exist',
  },
);
