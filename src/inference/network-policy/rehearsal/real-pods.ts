// Pods of the app that run and are ready: what a live rehearsal calls.

import type { Inventory, Labels } from '../../../inventory/index.ts';
import { countRestarts } from '../../../kube/live/lasting-readiness.ts';
import { isReadyPod } from '../../../kube/live/ready-pod.ts';
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

/** One for each workload, by `namespace/name[Kind]` of it. Those in the network of their node are left out: no policy holds them. */
export function findRealPods(inventory: Inventory): Map<string, RealPod> {
  const found = new Map<string, RealPod>();
  // Without a readiness probe a container that ends over and over is ready between: one that did not is asked before it.
  const pods = inventory.ofKind('/Pod').toSorted((a, b) => countRestarts([a.raw]) - countRestarts([b.raw]));
  for (const { raw } of pods) {
    const { namespace, name, labels, addresses, owner, isHostNetwork } = toPodFact(inventory, raw);
    const [address] = addresses;
    if (isHostNetwork || address === undefined || !isReadyPod(raw) || found.has(owner.id)) continue;
    found.set(owner.id, { namespace, name, labels, address, of: `${owner.namespace ?? namespace}/${owner.name}` });
  }
  return found;
}
