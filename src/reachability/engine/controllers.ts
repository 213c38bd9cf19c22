// The ingress controllers and gateways that bring requests to the workloads of a cluster: each workload has those that its own ways in are served by.

import {
  allCarriers,
  type Carriage,
  carriageOf,
  type Carrier,
  type Inventory,
  toWorkloads,
} from '../../inventory/index.ts';
import { type KubeObject, pushTo } from '../../model/index.ts';
import { type KnownLabels, namespaceLabelsOf, type PodEnd } from '../ends.ts';
import { noPorts, type PortSet, portRange, unitePorts } from '../ports/port-set.ts';
import { podEndOf } from '../workload-end.ts';
import type { WayIn } from './ways-in.ts';

const open: KnownLabels = { values: {}, isOpen: () => true };

/** Not even its namespace is told. */
const anonymous: PodEnd = {
  kind: 'pod',
  namespace: '',
  labels: open,
  namespaceLabels: open,
  isHostNetwork: false,
  addresses: [],
  ports: [],
};

/** Whoever may bring the requests; `outside`: addresses outside of the cluster do. */
export type Bringer = PodEnd | 'outside';

function labelledEnd(inventory: Inventory, { labels: values }: { labels: KnownLabels['values'] }, place = ''): PodEnd {
  const labels: KnownLabels = { values, isOpen: (key) => !Object.hasOwn(values, key) };
  const namespaceLabels = place === '' ? open : namespaceLabelsOf(place, inventory.namespaceLabels(place));
  return { ...anonymous, namespace: place, labels, namespaceLabels };
}

function bringersBy(inventory: Inventory, carrier: Carrier): Bringer[] {
  switch (carrier.kind) {
    case 'workload':
      return toWorkloads(carrier.object).map((each) => podEndOf(inventory, each));
    case 'pods':
      return (carrier.namespaces ?? ['']).map((place) => labelledEnd(inventory, carrier, place));
    case 'nodes':
      return [{ ...anonymous, isHostNetwork: true }];
    case 'outside':
      return ['outside'];
  }
}

/** Ports of a workload that one object leads to, with those that may come through it. */
export interface Led {
  readonly ports: PortSet;
  readonly bringers: readonly Bringer[];
}

/** The bringers of an input, each one value however often it is asked for. */
export class Controllers {
  /** All that may stand at a caller's end. */
  readonly ends: readonly PodEnd[];
  private readonly led: ReadonlyMap<KubeObject, readonly Led[]>;
  private readonly all: readonly Bringer[];

  constructor(inventory: Inventory, ways: readonly WayIn[]) {
    const byCarrier = new Map<KubeObject | string, Bringer[]>();
    const bringersOf = (carrier: Carrier): Bringer[] => {
      const key = carrier.kind === 'workload' ? carrier.object : JSON.stringify(carrier);
      const known = byCarrier.get(key) ?? bringersBy(inventory, carrier);
      byCarrier.set(key, known);
      return known;
    };
    // Files do not say what runs in the cluster, even where they hold a controller.
    const isLive = inventory.snapshot.facts.cluster !== undefined;
    const bringing = ({ carriers, isSure }: Pick<Carriage, 'carriers' | 'isSure'>): readonly Bringer[] => {
      const isSeen = isSure || carriers.some(({ kind }) => kind === 'workload');
      const found = isLive ? carriers.flatMap(bringersOf) : [];
      return isSeen && found.length > 0 ? found : [...found, anonymous];
    };
    const running = allCarriers(inventory).map((object): Carrier => ({ kind: 'workload', object }));
    this.all = bringing({ carriers: running, isSure: false });
    this.led = ledBy(ways, (by) => bringing(carriageOf(inventory, by)));
    const bringers = [...this.all, ...[...this.led.values()].flat().flatMap((each) => each.bringers)];
    this.ends = [...new Set(bringers)].filter((each) => each !== 'outside');
  }

  /** Where the objects of a workload are led to from outside. */
  ledTo(objects: readonly KubeObject[]): readonly Led[] {
    return objects.flatMap((object) => this.led.get(object) ?? []);
  }

  /** Those that serve the ways in to a workload; all that there are where nothing leads to it. */
  bringersTo(objects: readonly KubeObject[]): readonly Bringer[] {
    const found = new Set(this.ledTo(objects).flatMap(({ bringers }) => bringers));
    return found.size === 0 ? this.all : [...found];
  }
}

function ledBy(ways: readonly WayIn[], bringersOf: (by: KubeObject) => readonly Bringer[]): Map<KubeObject, Led[]> {
  const byObject = new Map<KubeObject, Map<KubeObject, PortSet[]>>();
  for (const { by, workload, protocol, port } of ways) {
    const own = byObject.get(workload.object) ?? new Map<KubeObject, PortSet[]>();
    byObject.set(workload.object, own);
    pushTo(own, by, portRange(protocol, port, port));
  }
  const toLed = ([by, sets]: [KubeObject, PortSet[]]): Led => ({
    ports: sets.reduce(unitePorts, noPorts),
    bringers: bringersOf(by),
  });
  return new Map([...byObject].map(([object, own]) => [object, [...own].map(toLed)]));
}
