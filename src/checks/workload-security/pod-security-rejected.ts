// Finds workloads whose pods their own namespace refuses.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { judgePodSecurity, type PodSecurityViolation } from '../../kube/pod-security/index.ts';
import { asObject, valueAt } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { enforceLabel, enforceVersionLabel, parsePolicyVersion } from './namespace-enforcement.ts';

interface Refusal {
  readonly level: 'baseline' | 'restricted';
  readonly violations: readonly PodSecurityViolation[];
}

function findRefusal(
  { object, spec, templatePath }: Workload,
  inventory: Inventory,
  minor: number,
): Refusal | undefined {
  const labels = inventory.namespaceLabels(object.namespace) ?? {};
  const level = labels[enforceLabel];
  const version = parsePolicyVersion(labels[enforceVersionLabel], minor);
  if ((level !== 'baseline' && level !== 'restricted') || version === undefined) return undefined;
  const metadata = asObject(valueAt(object.raw, [...templatePath, 'metadata']));
  return { level, violations: judgePodSecurity({ metadata, spec }, level, version) };
}

export const podSecurityRejected = workloadCheck(
  compromiseMeta({
    id: 'pod-security-rejected',
    title: 'Namespaces admit the pods of the app',
    leg: 'deployment',
    level: 1,
    severity: 'critical',
    references: [{ framework: 'Kubernetes', id: 'Pod Security Admission' }],
    remediation: 'Change the pod to what its namespace enforces, or agree on another level for the namespace.',
    minutes: 30,
  }),
  {
    applies: ({ object }, { inventory, options }) =>
      options.minor >= 23 && inventory.namespaceLabels(object.namespace)?.[enforceLabel] !== undefined,
    find: (workload, { inventory, options }) => {
      const { object, templatePath } = workload;
      const { level, violations = [] } = findRefusal(workload, inventory, options.minor) ?? {};
      const [first] = violations;
      if (first === undefined) return undefined;
      const more = violations.length === 1 ? '' : `, and ${violations.length - 1} more`;
      return {
        message: `namespace "${object.namespace}" refuses pods of "${object.name}": ${first.message}${more}`,
        path: [...templatePath, ...first.path],
        evidence: `${enforceLabel} is ${level}; broken: ${[...new Set(violations.map(({ control }) => control))].join(', ')}`,
      };
    },
  },
);
