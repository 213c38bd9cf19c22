// Finds namespaces that say that they admit every pod.

import { compromiseMeta } from './compromise-meta.ts';
import { namespaceLabelCheck } from './namespace-check.ts';
import { enforceLabel, enforce, strictestMet } from './namespace-enforcement.ts';
import { offer, way } from '../fix.ts';

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
  ({ name }, _diagnostic, { inventory, options }) => {
    const level = strictestMet(inventory, name, options.minor) ?? 'baseline';
    const refused = strictestMet(inventory, name, options.minor) === undefined;
    return offer(
      way(
        {
          id: `enforce-${level}`,
          leavesOpen: refused ? ['pod-security-rejected'] : [],
          title: `Enforce ${level}`,
          consequence: refused
            ? 'pods of the input that need more are refused at their next start'
            : 'no pod of the input is refused; others that run there and need more are, at their next start',
        },
        enforce(level, options.minor),
      ),
    );
  },
);
