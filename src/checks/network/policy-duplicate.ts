// Finds network policies with the same content.

import type { KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { objectCheck } from '../check.ts';

function findTwin(policy: KubeObject, { inventory }: CheckContext): KubeObject | undefined {
  const content = JSON.stringify(policy.raw['spec']);
  const others = inventory.ofKind('networking.k8s.io/NetworkPolicy');
  return others.find(
    (other) =>
      other !== policy &&
      other.namespace === policy.namespace &&
      other.name < policy.name &&
      JSON.stringify(other.raw['spec']) === content,
  );
}

export const policyDuplicate = objectCheck(
  {
    id: 'policy-duplicate',
    family: 'network',
    title: 'Each network policy says something of its own',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Remove one of the two.',
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: (policy, context) => {
      const twin = findTwin(policy, context);
      if (twin === undefined) return undefined;
      return {
        message: `policies "${policy.name}" and "${twin.name}" say the same: a change of one of them changes nothing`,
        path: ['spec'],
        evidence: 'equal spec in the same namespace',
      };
    },
  },
);
