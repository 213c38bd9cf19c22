// Finds served Deployments whose new version reaches everybody at once.

import type { CheckContext } from '../check.ts';
import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asObject, isJsonObject, type Json } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { isDataStore } from '../data-stores.ts';

/** True where some rule of a route shares its traffic by weight. */
function hasWeights(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasWeights);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, item]) => (key === 'weight' && item !== 100) || hasWeights(item));
}

/** Names of the workloads that a Canary releases. */
function canaryTargets(inventory: Inventory): ReadonlySet<unknown> {
  const canaries = inventory.ofKind('flagger.app/Canary');
  return new Set(canaries.map(({ raw }) => asObject(asObject(raw['spec'])['targetRef'])['name']));
}

function hasWeightedRoute(inventory: Inventory): boolean {
  return ['gateway.networking.k8s.io/HTTPRoute', 'networking.istio.io/VirtualService']
    .flatMap((kind) => inventory.ofKind(kind))
    .some(({ raw }) => {
      const { rules, http } = asObject(raw['spec']);
      return hasWeights(asArray(rules).length > 0 ? rules : http);
    });
}

function hasCanary({ object }: Workload, { inventory }: CheckContext): boolean {
  return inventory.derive(canaryTargets).has(object.name) || inventory.derive(hasWeightedRoute);
}

export const progressiveDeliveryMissing = workloadCheck(
  {
    id: 'progressive-delivery-missing',
    family: 'delivery',
    title: 'New versions meet a few users first',
    leg: 'deployment',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Release through a canary with an automatic verdict.',
    minutes: 240,
  },
  {
    applies: (workload, { inventory }) =>
      workload.object.kind === 'Deployment' &&
      !isDataStore(workload) &&
      inventory.selectorsOf(workload, '/Service').length > 0,
    find: (workload, context) => {
      if (hasCanary(workload, context)) return undefined;
      return {
        message: `a new version of "${workload.object.name}" reaches all users as soon as its pods are ready`,
        path: ['spec', 'strategy'],
        evidence: 'no Rollout, Canary or weighted route of the input covers it',
      };
    },
  },
);
