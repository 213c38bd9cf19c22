// A disruption budget for the pods of one workload.

import type { Inventory, Workload } from '../inventory/index.ts';
import { compileSelector } from '../kube/selectors.ts';
import type { NewObject } from '../model/index.ts';
import type { CheckContext } from './check.ts';
import { podLabelsToSelect } from './pod-selection.ts';

function isFree(inventory: Inventory, { object: { namespace, name } }: Workload): boolean {
  const kind = { group: 'policy', kind: 'PodDisruptionBudget' };
  return inventory.find({ ...kind, namespace, name }) === undefined;
}

/** One pod at a time may be evicted. None where other workloads have the same labels: their pods would be held by it too. */
export function newBudget(workload: Workload, { inventory, options }: CheckContext): NewObject | undefined {
  const matchLabels = podLabelsToSelect(workload);
  if (matchLabels === undefined || options.minor < 21 || !isFree(inventory, workload)) return undefined;
  const { object } = workload;
  if (inventory.workloadsMatching(object.namespace, compileSelector({ matchLabels })).length !== 1) return undefined;
  const raw = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: object.name },
    spec: {
      maxUnavailable: 1,
      // Pods that crash do not keep a node from being drained.
      ...(options.minor >= 27 ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {}),
      selector: { matchLabels },
    },
  };
  return { raw, beside: object };
}
