// What policies are made of, and for whom: the evidence, and the workloads that get a policy.

import { type Inventory, ownObjects, type Workload } from '../../inventory/index.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import type { Answers } from './answers.ts';
import type { ApiEndpoints } from './platform.ts';
import type { PodFact, TrafficReport } from '../../traffic/index.ts';

export interface Evidence {
  readonly inventory: Inventory;
  /** What is declared, and what was seen where somebody looked. */
  readonly report: TrafficReport;
  readonly pods: readonly PodFact[];
  /** Services of a cluster besides those of the inventory: of namespaces that were not asked for. */
  readonly services?: readonly KubeObject[];
  /** What stands behind the Service `kubernetes`, where a cluster was asked. */
  readonly api?: ApiEndpoints;
  readonly answers: Answers;
  /** True: what nobody is known to call stays open for the pods of its namespace. */
  readonly keepsUncalled: boolean;
}

function hasEnded({ object }: Workload): boolean {
  const { phase } = asObject(object.raw['status']);
  return object.kind === 'Pod' && (phase === 'Succeeded' || phase === 'Failed');
}

export function usesHostNetwork({ spec }: Workload): boolean {
  return spec['hostNetwork'] === true;
}

/** The app's workloads, whose pods policies can hold or that others call. */
export function subjectsOf(inventory: Inventory): Workload[] {
  const isOwn = ownObjects(inventory.snapshot);
  return inventory.workloads.filter(
    (workload) =>
      isOwn(workload.object) &&
      workload.object.kind !== 'PodTemplate' &&
      !systemNamespaces.has(workload.object.namespace) &&
      !hasEnded(workload),
  );
}

/** Workloads of one namespace, among which a selector has to tell. */
export function workloadsIn({ workloads }: Inventory, namespace: string): Workload[] {
  return workloads.filter(({ object }) => object.namespace === namespace && object.kind !== 'PodTemplate');
}
