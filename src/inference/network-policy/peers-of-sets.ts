// Pods of one workload that talk to each other, as databases and queues do: through a headless Service of their own, and by addresses in their settings.

import {
  arrivalsOf,
  autoscalersOf,
  callsAmongPods,
  type Inventory,
  isHeadless,
  minimumReplicas,
  type Workload,
} from '../../inventory/index.ts';
import { containerDoors } from './doors.ts';
import type { Ledger, Need, Peer } from './need.ts';

interface OwnDoor {
  readonly protocol: Need['protocol'];
  readonly port: number | undefined;
  readonly why: string;
}

/** A set's pods dial each other by name, at ports of theirs that the Service need not have: Cassandra's 7000 beside the 9042 of its clients. */
function doorsOfServices(inventory: Inventory, workload: Workload): OwnDoor[] {
  return inventory
    .selectorsOf(workload, '/Service')
    .filter(isHeadless)
    .flatMap((service) => {
      const arrivals = arrivalsOf(inventory, service, undefined).filter((each) => each.workload === workload);
      const own = workload.object.kind === 'StatefulSet' ? containerDoors(workload) : [];
      const why = `headless Service "${service.name}" of its own`;
      return [...arrivals, ...own].map(({ protocol, port }) => ({ protocol, port, why }));
    });
}

/** Seeds and members: `nats-0.nats:6222`. */
function doorsOfSettings(inventory: Inventory, workload: Workload): OwnDoor[] {
  return callsAmongPods(inventory, workload).flatMap(({ to, port, sources }) => {
    const arrivals = to.kind === 'service' ? arrivalsOf(inventory, to.service, port) : [];
    return arrivals
      .filter((each) => each.workload === workload)
      .map((each) => ({ protocol: each.protocol, port: each.port, why: sources[0]?.what ?? '' }));
  });
}

/** A pod alone always reaches itself: only where there are several. */
export function takePeersOfSets(ledger: Ledger, inventory: Inventory, workloads: readonly Workload[]): void {
  for (const workload of workloads) {
    if (minimumReplicas(inventory, workload) < 2 && autoscalersOf(inventory, workload).length === 0) continue;
    const self: Peer = { kind: 'workload', workload };
    for (const { protocol, port, why } of [
      ...doorsOfServices(inventory, workload),
      ...doorsOfSettings(inventory, workload),
    ])
      if (port !== undefined)
        ledger.need({ from: self, to: self, protocol, port, isDeclared: true, isSeen: false, why: [why] });
  }
}
