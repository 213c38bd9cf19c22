// Finds namespaces without a default deny for egress.

import { findOpenNamespaces, usedNamespaces } from './default-deny.ts';
import { appCheck } from '../check.ts';

export const defaultDenyEgress = appCheck(
  {
    id: 'default-deny-egress',
    family: 'network',
    title: 'Namespaces deny egress by default',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.3.2' },
      { framework: 'NSA', id: 'Network separation' },
    ],
    remediation: 'Add a NetworkPolicy with podSelector {} and policyTypes [Egress] to the namespace.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => usedNamespaces(inventory).length > 0,
    find: ({ inventory }) => findOpenNamespaces(inventory, 'egress'),
  },
);
