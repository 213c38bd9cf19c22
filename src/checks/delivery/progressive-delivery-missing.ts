// Finds served Deployments whose new version reaches everybody at once.

import type { CheckContext } from '../check.ts';
import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { isDataStore } from '../data-stores.ts';

function nameIn({ namespace, raw }: KubeObject, field: string): string {
  return `${namespace}/${asString(asObject(asObject(raw['spec'])[field])['name'])}`;
}

/** Deployments that a Canary or a Rollout releases, as namespace/name. */
function releasedByOthers(inventory: Inventory): ReadonlySet<string> {
  return new Set([
    ...inventory.ofKind('flagger.app/Canary').map((canary) => nameIn(canary, 'targetRef')),
    ...inventory.ofKind('argoproj.io/Rollout').map((rollout) => nameIn(rollout, 'workloadRef')),
  ]);
}

/** Whether some rule shares its traffic. A weight alone says nothing: the API gives one to a lone backend too. */
function hasSharedRoute(inventory: Inventory): boolean {
  const rules = [
    ...inventory
      .ofKind('gateway.networking.k8s.io/HTTPRoute')
      .flatMap(({ raw }) => asArray(asObject(raw['spec'])['rules'])),
    ...inventory
      .ofKind('networking.istio.io/VirtualService')
      .flatMap(({ raw }) => asArray(asObject(raw['spec'])['http'])),
  ].map(asObject);
  return rules.some(({ backendRefs, route }) => asArray(backendRefs ?? route).length > 1);
}

function isReleasedInSteps({ object }: Workload, { inventory }: CheckContext): boolean {
  const { namespace, name } = object;
  return inventory.derive(releasedByOthers).has(`${namespace}/${name}`) || inventory.derive(hasSharedRoute);
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
      if (isReleasedInSteps(workload, context)) return undefined;
      return {
        message: `a new version of "${workload.object.name}" reaches all users as soon as its pods are ready`,
        path: ['spec', 'strategy'],
        evidence: 'no Rollout, Canary or weighted route of the input covers it',
      };
    },
  },
);
