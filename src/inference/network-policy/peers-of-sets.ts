// Pods of one workload that talk to each other: what a headless Service of its own is for, in databases and queues.

import {
  arrivalsOf,
  autoscalersOf,
  type Inventory,
  isHeadless,
  minimumReplicas,
  type Workload,
} from '../../inventory/index.ts';
import type { Ledger, Peer } from './need.ts';

function needOwnPorts(ledger: Ledger, inventory: Inventory, workload: Workload): void {
  const self: Peer = { kind: 'workload', workload };
  for (const service of inventory.selectorsOf(workload, '/Service').filter(isHeadless)) {
    const why = [`headless Service "${service.name}" of its own`];
    for (const { port, protocol, workload: target } of arrivalsOf(inventory, service, undefined))
      if (target === workload && port !== undefined)
        ledger.need({ from: self, to: self, protocol, port, isDeclared: true, isSeen: false, why });
  }
}

/** A pod alone always reaches itself: only where there are several. */
export function takePeersOfSets(ledger: Ledger, inventory: Inventory, workloads: readonly Workload[]): void {
  for (const workload of workloads)
    if (minimumReplicas(inventory, workload) > 1 || autoscalersOf(inventory, workload).length > 0)
      needOwnPorts(ledger, inventory, workload);
}
