// How many pods a workload has: its own count, or the bounds of the autoscaler that owns the count.

import { asNumber, asObject, type KubeObject } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import type { Workload } from './workload.ts';

/** Kinds whose pod count is a number in their spec. */
export function isReplicated({ object }: Workload): boolean {
  return ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout'].includes(object.kind);
}

/** Autoscalers (HorizontalPodAutoscaler) that scale this workload. */
export function autoscalersOf(inventory: Inventory, workload: Workload): readonly KubeObject[] {
  return inventory
    .referencesTo(workload.object, ['autoscaling/HorizontalPodAutoscaler'])
    .filter(({ use }) => use === 'scaleTarget')
    .map(({ from }) => from);
}

/** The smallest number of pods while all is well: `minReplicas` of an autoscaler (default 1), else `replicas` (default 1). */
export function minimumReplicas(inventory: Inventory, workload: Workload): number {
  const [autoscaler] = autoscalersOf(inventory, workload);
  if (autoscaler !== undefined) return asNumber(asObject(autoscaler.raw['spec'])['minReplicas']) ?? 1;
  return asNumber(asObject(workload.object.raw['spec'])['replicas']) ?? 1;
}
