// Finds namespaces whose rules change with the version of the cluster.

import { compromiseMeta } from './compromise-meta.ts';
import { namespaceLabelCheck } from './namespace-check.ts';
import { enforceLabel, enforceVersionLabel } from './namespace-enforcement.ts';

export const namespacePolicyUnpinned = namespaceLabelCheck(
  compromiseMeta({
    id: 'namespace-policy-unpinned',
    title: 'An upgrade of the cluster does not change which pods are admitted',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [{ framework: 'Kubernetes', id: 'Pod Security Admission' }],
    remediation:
      'Set pod-security.kubernetes.io/enforce-version to the version of the cluster, and warn-version to latest.',
    minutes: 5,
  }),
  (name, labels, minor) => {
    const isEnforced = labels[enforceLabel] === 'baseline' || labels[enforceLabel] === 'restricted';
    if (!isEnforced || (labels[enforceVersionLabel] ?? 'latest') !== 'latest') return [];
    return [
      {
        label: enforceVersionLabel,
        message: `namespace "${name}" enforces whatever the newest rules are: after an upgrade it may refuse pods that run today`,
        evidence: `the label ${enforceVersionLabel} is not a version, such as v1.${minor}`,
      },
    ];
  },
  (_namespace, { path = [] }, { options }) => [{ op: 'set', path, value: `v1.${options.minor}` }],
);
