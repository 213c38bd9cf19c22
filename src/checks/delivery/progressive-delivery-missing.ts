// Finds served Deployments whose new version reaches everybody at once.

import type { CheckContext } from '../check.ts';
import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
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

interface Route {
  readonly namespace: string;
  readonly backends: readonly JsonObject[];
}

function routesOf(inventory: Inventory, kind: string, rules: string, backends: string): Route[] {
  return inventory.ofKind(kind).flatMap(({ namespace, raw }) =>
    asArray(asObject(raw['spec'])[rules]).map((rule) => ({
      namespace,
      backends: asArray(asObject(rule)[backends]).map(asObject),
    })),
  );
}

/** `namespace/name` of the Service behind a backend: `reviews`, `reviews.shop.svc.cluster.local`. */
function serviceOf(backend: JsonObject, namespace: string): string {
  const host = asString(asObject(backend['destination'])['host']) ?? asString(backend['name']) ?? '';
  const [name = '', other] = host.split('.');
  return `${other ?? asString(backend['namespace']) ?? namespace}/${name}`;
}

/** Only some users come to what is named here: a rule shares its traffic, or it leads to one version by its labels. A weight alone says nothing. */
function isInSteps({ backends }: Route): boolean {
  return backends.length > 1 || backends.some((each) => asObject(each['destination'])['subset'] !== undefined);
}

function servicesInSteps(inventory: Inventory): ReadonlySet<string> {
  const routes = [
    ...routesOf(inventory, 'gateway.networking.k8s.io/HTTPRoute', 'rules', 'backendRefs'),
    ...routesOf(inventory, 'networking.istio.io/VirtualService', 'http', 'route'),
  ];
  return new Set(
    routes
      .filter(isInSteps)
      .flatMap(({ backends, namespace }) => backends.map((backend) => serviceOf(backend, namespace))),
  );
}

function isReleasedInSteps(workload: Workload, { inventory }: CheckContext): boolean {
  const { namespace, name } = workload.object;
  if (inventory.derive(releasedByOthers).has(`${namespace}/${name}`)) return true;
  const services = inventory.derive(servicesInSteps);
  return inventory
    .selectorsOf(workload, '/Service')
    .some((service) => services.has(`${service.namespace}/${service.name}`));
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
