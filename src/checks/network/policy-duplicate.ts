// Finds network policies with the same content.

import type { Inventory } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { objectCheck } from '../check.ts';

/** Namespace and content of a policy. */
function contentKey({ namespace, raw }: KubeObject): string {
  return `${namespace} ${JSON.stringify(raw['spec'])}`;
}

/** For each content, the policy whose name comes first. */
function firstByContent(inventory: Inventory): ReadonlyMap<string, KubeObject> {
  const first = new Map<string, KubeObject>();
  for (const policy of inventory.ofKind('networking.k8s.io/NetworkPolicy')) {
    const key = contentKey(policy);
    const known = first.get(key);
    if (known === undefined || policy.name < known.name) first.set(key, policy);
  }
  return first;
}

function findTwin(policy: KubeObject, { inventory }: CheckContext): KubeObject | undefined {
  const twin = inventory.derive(firstByContent).get(contentKey(policy));
  return twin !== undefined && twin.name < policy.name ? twin : undefined;
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
