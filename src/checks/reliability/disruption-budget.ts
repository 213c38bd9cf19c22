// What a PodDisruptionBudget allows: read once, for all checks of budgets.

import { type Inventory, minimumReplicas } from '../../inventory/index.ts';
import { asObject, type Json, type KubeObject, type Path } from '../../model/index.ts';

export interface Budget {
  readonly field: 'minAvailable' | 'maxUnavailable';
  readonly value: Json;
  readonly path: Path;
  /** Smallest number of pods that the selected workloads have together; 0 where nothing is selected. */
  readonly pods: number;
  /** Pods that may be evicted when `pods` are healthy. */
  readonly allowed: number;
}

/** Absolute number of a count or percentage; percentages are rounded up, as the disruption controller does for both fields. */
function toCount(value: Json, pods: number): number | undefined {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^([0-9]+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : Math.ceil((Number(percent) * pods) / 100);
}

export function budgetOf(inventory: Inventory, object: KubeObject): Budget | undefined {
  const spec = asObject(object.raw['spec']);
  const field = spec['maxUnavailable'] === undefined ? 'minAvailable' : 'maxUnavailable';
  const value = spec[field];
  if (value === undefined) return undefined;
  const workloads = inventory.workloadsSelectedBy(object);
  const pods = workloads.reduce((sum, workload) => sum + minimumReplicas(inventory, workload), 0);
  const count = toCount(value, pods);
  if (count === undefined) return undefined;
  const allowed = Math.max(0, field === 'minAvailable' ? pods - count : count);
  return { field, value, path: ['spec', field], pods, allowed };
}
