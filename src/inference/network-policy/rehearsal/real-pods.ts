// Pods of the app that run and are ready: what a live rehearsal calls.

import type { Inventory, Labels } from '../../../inventory/index.ts';
import { asArray, asObject, type JsonObject } from '../../../model/index.ts';
import { toPodFact } from '../../../traffic/index.ts';

export interface RealPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** The first one that it has. */
  readonly address: string;
  /** Whom it belongs to. */
  readonly of: string;
}

/** Whether it gets traffic now, by its own status. */
export function isReadyPod({ metadata, status }: JsonObject): boolean {
  const { phase, conditions } = asObject(status);
  const ready = asArray(conditions)
    .map(asObject)
    .find(({ type }) => type === 'Ready');
  return phase === 'Running' && asObject(metadata)['deletionTimestamp'] === undefined && ready?.['status'] === 'True';
}

/** One for each workload, by `namespace/name[Kind]` of it. Those in the network of their node are left out: no policy holds them. */
export function findRealPods(inventory: Inventory): Map<string, RealPod> {
  const found = new Map<string, RealPod>();
  for (const { raw } of inventory.ofKind('/Pod')) {
    const { namespace, name, labels, addresses, owner, isHostNetwork } = toPodFact(inventory, raw);
    const [address] = addresses;
    if (isHostNetwork || address === undefined || !isReadyPod(raw) || found.has(owner.id)) continue;
    found.set(owner.id, { namespace, name, labels, address, of: `${owner.namespace ?? namespace}/${owner.name}` });
  }
  return found;
}
