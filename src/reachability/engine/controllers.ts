// The pods of the cluster's ingress controllers: those that run, where a cluster was read, else one of which nothing is known.

import { entrancePrograms, type Inventory, toWorkloads, viewOf } from '../../inventory/index.ts';
import type { PodEnd } from '../ends.ts';
import { podEndOf } from '../workload-end.ts';

/** Not even its namespace is told. */
const anonymous: PodEnd = {
  kind: 'pod',
  namespace: '',
  labels: { values: {}, isOpen: () => true },
  namespaceLabels: { values: {}, isOpen: () => true },
  isHostNetwork: false,
  addresses: [],
  ports: [],
};

/** Programs whose own pods carry the traffic; others only tell proxies or load balancers elsewhere what to do. */
const carriers = /nginx-ingress|ingress-nginx|traefik|haproxy|kubernetes-ingress-controller|emissary/;

/** At least one. Files do not say what runs in the cluster, even where they hold a controller. */
export function controllerEnds(inventory: Inventory): readonly PodEnd[] {
  if (inventory.snapshot.facts.cluster === undefined) return [anonymous];
  const programs = entrancePrograms(viewOf(inventory)).filter(({ repository }) => carriers.test(repository));
  const objects = [...new Set(programs.map(({ object }) => object))];
  const ends = objects.flatMap((object) => toWorkloads(object)).map((each) => podEndOf(inventory, each));
  return ends.length === 0 ? [anonymous] : ends;
}
