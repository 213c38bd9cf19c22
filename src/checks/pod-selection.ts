// The selector by which a workload's own pods are known, for what is written about them: budgets, spread rules, Services.

import type { Inventory, Labels, Workload } from '../inventory/index.ts';
import { compileSelector } from '../kube/selectors.ts';
import { asObject, isJsonObject, type JsonObject } from '../model/index.ts';

/** The labels that the workload selects its pods by; where it has no such selector, those labels of the pods that no release changes. */
export function podLabelsToSelect({ object, labels }: Workload): JsonObject | undefined {
  const selector = asObject(object.raw['spec'])['selector'];
  const matchLabels = object.kind === 'ReplicationController' ? selector : asObject(selector)['matchLabels'];
  const isOwn = isJsonObject(matchLabels) && compileSelector({ matchLabels }).matches(labels);
  if (isOwn && Object.keys(matchLabels).length > 0) return matchLabels;
  const lasting = Object.entries(labels).filter(([key]) => !/version|hash|release|chart/i.test(key));
  return lasting.length === 0 ? undefined : Object.fromEntries(lasting);
}

/** Labels of the pods of each workload in a namespace. */
export function podLabelsIn(inventory: Inventory, namespace: string): Labels[] {
  return inventory.workloads.filter(({ object }) => object.namespace === namespace).map(({ labels }) => labels);
}

/** Pods go to nodes with fewer of their kind first, and are never kept waiting for that. */
export function spreadOverNodes(matchLabels: JsonObject): JsonObject {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
  };
}
