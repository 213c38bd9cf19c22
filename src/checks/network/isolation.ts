// Whether a workload's pods are isolated, per direction, and by which policies.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { type Direction, isolatedDirections, peersOf } from '../../kube/network-policy.ts';
import { asArray, asObject, type JsonObject, type KubeObject } from '../../model/index.ts';

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

function isEverybody(peer: JsonObject): boolean {
  const block = asObject(peer['ipBlock']);
  return (block['cidr'] === '0.0.0.0/0' || block['cidr'] === '::/0') && asArray(block['except']).length === 0;
}

/** True where a rule narrows down neither the peers nor the ports. */
export function allowsEverything(rule: JsonObject, direction: Direction): boolean {
  const everybody = peersOf(rule, direction)?.some(isEverybody) ?? true;
  return everybody && asArray(rule['ports']).length === 0;
}
