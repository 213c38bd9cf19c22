// Services that nobody is known to call: calls that stand in the code of a program, and in none of its settings.

import { arrivalsOf, type Inventory, type Workload } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import { keyOfPeer, type Ledger, nameOfPeer, type Need, type Peer, portWords } from './need.ts';

export interface Uncalled {
  /** `namespace/name`. */
  readonly service: string;
  readonly workload: string;
  readonly port: string;
}

interface Target {
  readonly service: KubeObject;
  readonly to: Peer;
  readonly door: Required<Pick<Need, 'protocol' | 'port'>>;
}

function targetsOf(inventory: Inventory, isSubject: (workload: Workload) => boolean): Target[] {
  return inventory.ofKind('/Service').flatMap((service) =>
    arrivalsOf(inventory, service, undefined).flatMap(({ workload, protocol, port }): Target[] => {
      if (port === undefined || !isSubject(workload)) return [];
      return [{ service, to: { kind: 'workload', workload }, door: { protocol, port } }];
    }),
  );
}

function isCalled({ to, door }: Target, needs: readonly Need[]): boolean {
  const key = keyOfPeer(to);
  return needs.some(
    (need) =>
      need.isScrape !== true &&
      keyOfPeer(need.to) === key &&
      keyOfPeer(need.from) !== key &&
      need.protocol === door.protocol &&
      (need.port === undefined || need.port === door.port),
  );
}

export function findUncalled(
  { needs }: Ledger,
  inventory: Inventory,
  isSubject: (workload: Workload) => boolean,
): Target[] {
  return targetsOf(inventory, isSubject).filter((target) => !isCalled(target, needs));
}

export function toUncalled({ service, to, door }: Target): Uncalled {
  return { service: `${service.namespace}/${service.name}`, workload: nameOfPeer(to), port: portWords(door) };
}

/** Opens them for every pod of their own namespace, where the user would rather keep them. */
export function keepUncalled(ledger: Ledger, targets: readonly Target[], allPods: (namespace: string) => Peer): void {
  for (const { service, to, door } of targets) {
    const why = [`Service "${service.name}", and nobody is known to call it`];
    ledger.need({ from: allPods(service.namespace), to, ...door, isDeclared: true, isSeen: false, why });
  }
}
