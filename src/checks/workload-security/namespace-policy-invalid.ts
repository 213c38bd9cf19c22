// Finds Pod Security labels that the API server does not accept.

import { compromiseMeta } from './compromise-meta.ts';
import { namespaceLabelCheck } from './namespace-check.ts';
import { invalidLabels } from './namespace-enforcement.ts';

export const namespacePolicyInvalid = namespaceLabelCheck(
  compromiseMeta({
    id: 'namespace-policy-invalid',
    title: 'Pod Security labels have values that exist',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Pod Security Admission' }],
    remediation: 'Use privileged, baseline or restricted as level, and latest or v1.N as version.',
    minutes: 5,
  }),
  (name, labels) =>
    invalidLabels(labels).map((label) => ({
      label,
      message: `namespace "${name}" is refused by the API server: its label "${label}" has a value that Pod Security does not know`,
    })),
);
