// Services that nobody is known to call: calls that stand in the code of a program, and in none of its settings.

import { arrivalsOf, type Inventory, isHeadless, type Workload } from '../../inventory/index.ts';
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

/** What its own pods dial by a headless Service needs no other caller, where others call the pods at all. */
function isAmongPods({ service, to, door }: Target, needs: readonly Need[]): boolean {
  const key = keyOfPeer(to);
  const own = needs.filter((need) => keyOfPeer(need.to) === key && need.isScrape !== true);
  const isOwn = ({ from }: Need): boolean => keyOfPeer(from) === key;
  return (
    isHeadless(service) && own.some((need) => !isOwn(need)) && own.some((need) => isOwn(need) && leads(need, door))
  );
}

function leads({ protocol, port }: Need, door: Target['door']): boolean {
  return protocol === door.protocol && (port === undefined || port === door.port);
}

function isCalled(target: Target, needs: readonly Need[]): boolean {
  const key = keyOfPeer(target.to);
  const isByOthers = needs.some(
    (need) =>
      need.isScrape !== true && keyOfPeer(need.to) === key && keyOfPeer(need.from) !== key && leads(need, target.door),
  );
  return isByOthers || isAmongPods(target, needs);
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
