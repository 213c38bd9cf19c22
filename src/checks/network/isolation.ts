// Whether a workload's pods are isolated, per direction, and by which policies.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { type Direction, isolatedDirections } from '../../kube/network-policy.ts';
import type { KubeObject } from '../../model/index.ts';

/** Policies of the namespace that isolate these pods in one direction. */
export function isolatingPolicies(
  inventory: Inventory,
  workload: Workload,
  direction: Direction,
): readonly KubeObject[] {
  return inventory
    .selectorsOf(workload, 'networking.k8s.io/NetworkPolicy')
    .filter(({ raw }) => isolatedDirections(raw).includes(direction));
}

/** Policies do not hold pods on the node's own network, and a PodTemplate alone runs nothing. */
export function isHeldByPolicies({ object, spec }: Workload): boolean {
  return spec['hostNetwork'] !== true && object.kind !== 'PodTemplate';
}
