// A plan for a cluster with the server's answers: what commands show, whatever the plan is for.

import { renderRoles } from '../../../compare/index.ts';
import { loadSchemas } from '../../../kube/schema/index.ts';
import type { Plan } from '../../../model/index.ts';
import type { ClusterWish } from '../../cluster/open-cluster.ts';
import type { Outside } from '../../outside.ts';
import { headOf, type PlanMaking } from '../plan-made.ts';
import { type ConnectedCluster, openCluster } from './open-site.ts';
import type { PlannedChanges } from './plan-changes.ts';
import type { RefusedStep } from './refusals.ts';
import type { ChangePlanning, StepPreview } from './try-change.ts';

export interface ClusterPlan {
  readonly schema: 'nowwhat.dev/cluster-fix/v1';
  readonly context: string;
  readonly plan: Plan;
  readonly previews: readonly StepPreview[];
  readonly refused: readonly RefusedStep[];
  /** YAML of the roles that would permit what RBAC refused; '' where it refused nothing. */
  readonly grant: string;
  /** What the server warned of. */
  readonly warnings: readonly string[];
}

export interface ClusterPlanWish {
  readonly cluster: ClusterWish;
  /** Managers whose fields may be taken over. */
  readonly takeOver: readonly string[];
}

/** Opens the cluster for dry runs, and closes it again. */
export async function planInCluster<T>(
  { cluster, takeOver }: ClusterPlanWish,
  outside: Outside,
  work: (planning: Omit<ChangePlanning, 'minor'>, cluster: ConnectedCluster) => Promise<T>,
): Promise<T> {
  const connected = await openCluster(cluster, outside);
  try {
    const schemas = await loadSchemas();
    return await work({ cluster: connected, schemas, takeOver, progress: outside.progress }, connected);
  } finally {
    await connected.close();
  }
}

function leftOf({ refused }: Pick<PlannedChanges, 'refused'>): Plan['left'] {
  return refused.map(({ owner, title, message, object }) => ({ owner, what: `${title}: ${message}`, subject: object }));
}

interface Answering {
  readonly changes: PlannedChanges;
  readonly cluster: ConnectedCluster;
  readonly making: PlanMaking;
}

export function answer({ changes, cluster, making }: Answering): ClusterPlan {
  const { context, server, warnings } = cluster;
  const { steps, inputs, previews, refused } = changes;
  const target = { kind: 'cluster', context, server } as const;
  return {
    schema: 'nowwhat.dev/cluster-fix/v1',
    context,
    plan: { ...headOf(making), target, inputs, steps, left: leftOf(changes) },
    previews,
    refused,
    grant: renderRoles(refused.flatMap(({ rule }) => rule ?? [])),
    warnings,
  };
}
