// Finds namespaces without a default deny for ingress.

import { findOpenNamespaces, usedNamespaces } from './default-deny.ts';
import { appCheck } from '../check.ts';

export const defaultDenyIngress = appCheck(
  {
    id: 'default-deny-ingress',
    family: 'network',
    title: 'Namespaces deny ingress by default',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.3.2' },
      { framework: 'NSA', id: 'Network separation' },
    ],
    remediation: 'Add a NetworkPolicy with podSelector {} and policyTypes [Ingress] to the namespace.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => usedNamespaces(inventory).length > 0,
    find: ({ inventory }) => findOpenNamespaces(inventory, 'ingress'),
  },
);
