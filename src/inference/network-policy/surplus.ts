// What policies let through between workloads although nothing speaks for it: every port of every pair is looked at.

import type { Inventory, Workload } from '../../inventory/index.ts';
import {
  findConnections,
  noPorts,
  type PolicySet,
  type PortSet,
  portRange,
  portWords,
  unitePorts,
  withoutPorts,
  type WorkloadParty,
} from '../../reachability/index.ts';
import { objectParty } from '../../traffic/index.ts';
import { keyOfPeer, nameOfPeer, type Need } from './need.ts';

export interface Surplus {
  readonly from: string;
  readonly to: string;
  /** `TCP 8080, 9090; UDP 53`. */
  readonly port: string;
}

interface Party {
  readonly key: string;
  readonly name: string;
  readonly party: WorkloadParty;
}

function neededPorts(needs: readonly Need[]): ReadonlyMap<string, PortSet> {
  const ports = new Map<string, PortSet>();
  for (const { from, to, protocol, port } of needs) {
    const key = `${keyOfPeer(from)} ${keyOfPeer(to)}`;
    ports.set(key, unitePorts(ports.get(key) ?? noPorts, portRange(protocol, port, port)));
  }
  return ports;
}

export function findSurplus(
  { inventory, held, needs }: { inventory: Inventory; held: readonly Workload[]; needs: readonly Need[] },
  set: PolicySet,
): Surplus[] {
  const connections = findConnections(inventory, set);
  const needed = neededPorts(needs);
  const parties = held.flatMap((workload): Party[] => {
    const peer = { kind: 'workload', workload } as const;
    const party = connections.workload(objectParty('workload', workload.object).id);
    return party === undefined ? [] : [{ key: keyOfPeer(peer), name: nameOfPeer(peer), party }];
  });
  return parties.flatMap((to) =>
    parties.flatMap((from): Surplus[] => {
      // Pods of one workload have the same labels: they are told apart from nobody.
      if (from === to) return [];
      const open = connections.between(from.party, to.party).sure;
      const beyond = withoutPorts(open, needed.get(`${from.key} ${to.key}`) ?? noPorts);
      return beyond.length === 0 ? [] : [{ from: from.name, to: to.name, port: portWords(beyond) }];
    }),
  );
}
