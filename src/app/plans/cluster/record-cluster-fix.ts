// The proof of a fix in a cluster: its workloads were watched until they were ready, and the objects are as they were left.

import type { Outside } from '../../outside.ts';
import { recordFound } from '../../records/record-made.ts';
import type { PlanOutcome } from '../apply-plan.ts';
import type { ClusterFix } from './fix-cluster.ts';

/** What was taken back, or stopped, is no proof. */
export async function recordClusterFix(
  { context, proof: { before, after } }: ClusterFix,
  { plan, journal }: PlanOutcome,
  outside: Outside,
): Promise<void> {
  if (journal.state !== 'applied') return;
  const closes = new Set(plan.steps.flatMap((step) => step.closes));
  const found = {
    kind: 'fix',
    claim: `The changes of ${plan.steps.length} objects in ${context} put findings of ${closes.size} checks right and left the app ready`,
    result: 'holds',
    figures: { objects: plan.steps.length, checks: closes.size, failedBefore: before, failedAfter: after },
    paths: [],
    clusters: [],
    inputs: journal.entries.flatMap(({ left }) => left ?? []),
  } as const;
  await recordFound(found, { command: plan.command, version: plan.version }, outside);
}
