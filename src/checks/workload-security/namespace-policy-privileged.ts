// Finds namespaces that say that they admit every pod.

import { compromiseMeta } from './compromise-meta.ts';
import { namespaceLabelCheck } from './namespace-check.ts';
import { enforceLabel } from './namespace-enforcement.ts';

export const namespacePolicyPrivileged = namespaceLabelCheck(
  compromiseMeta({
    id: 'namespace-policy-privileged',
    title: 'Namespaces enforce a level that refuses something',
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.2.1' },
      { framework: 'PSS', id: 'baseline' },
    ],
    remediation: 'Enforce baseline, and move the pods that need more into a namespace of their own.',
    minutes: 30,
  }),
  (name, labels) =>
    labels[enforceLabel] === 'privileged'
      ? [{ label: enforceLabel, message: `namespace "${name}" is labelled to admit every pod` }]
      : [],
);
