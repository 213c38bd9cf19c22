// Which containers and workloads are meant to run for ever: probes and rollouts only make sense for these.

import { isBatch, type Workload } from '../inventory/index.ts';
import type { PodContainer } from '../kube/pod-template.ts';

/** Main containers of Deployments, StatefulSets, DaemonSets and their like: not of Jobs, CronJobs or naked Pods. */
export function isLongRunning({ role }: PodContainer, workload: Workload): boolean {
  return role === 'container' && runsForEver(workload);
}

export function runsForEver(workload: Workload): boolean {
  return !isBatch(workload) && workload.object.kind !== 'Pod' && workload.object.kind !== 'PodTemplate';
}
