// A plan that brings objects into a cluster: those that are not there are made, those that are get the fields that are wanted.

import { newestKnownMinor, parseKubernetesVersion } from '../../../kube/versions.ts';
import { asString, type KubeObject, type Owner } from '../../../model/index.ts';
import { type OpenCluster, refOf } from '../../../targets/index.ts';
import type { Outside } from '../../outside.ts';
import type { PlanMaking } from '../plan-made.ts';
import { answer, type ClusterPlan, type ClusterPlanWish, planInCluster } from './cluster-plan.ts';
import type { WantedChange } from './collect-changes.ts';
import { planChanges } from './plan-changes.ts';
import { type PruneWish, withPruned } from './prune.ts';
import { placed } from './try-change.ts';

/** An object that is wanted, and why. */
export interface WantedObject {
  /** With its namespace; its raw form whole. */
  readonly object: KubeObject;
  readonly reason: string;
  /** Checks whose findings it closes. */
  readonly closes?: readonly string[];
  readonly owner?: Owner;
}

export interface ObjectsWish extends ClusterPlanWish {
  readonly objects: readonly WantedObject[];
  readonly making: PlanMaking;
  /** What earlier plans of the same files brought in and they do not say any more is to go. */
  readonly prune?: PruneWish;
}

function toChange({ object, reason, closes = [], owner = 'developer' }: WantedObject): WantedChange {
  return { object, isNew: true, parts: [{ reason, closes, owner, edits: [] }] };
}

/** 1.N of the server; the newest that is known where it tells none. */
async function readMinor({ client }: OpenCluster): Promise<number> {
  const { gitVersion } = await client.request({ path: '/version' });
  return parseKubernetesVersion(asString(gitVersion) ?? '')?.minor ?? newestKnownMinor;
}

/**
 * Dry runs of all objects, in an order that keeps the app up: what restricts comes last, a default deny after all policies that allow. Nothing is
 * stored. What is there already as it is wanted is no step. Throws `UserError` where the cluster does not answer.
 */
export async function planObjects(
  { objects, making, prune, ...wish }: ObjectsWish,
  outside: Outside,
): Promise<ClusterPlan> {
  return await planInCluster(wish, outside, async (planning, cluster) => {
    const minor = await readMinor(cluster);
    const changes = await planChanges(objects.map(toChange), { ...planning, minor });
    if (prune === undefined) return answer({ changes, cluster, making });
    const wanted = objects.map(({ object }) => refOf(placed(object.raw, object.namespace)));
    return answer({ changes: await withPruned(changes, wanted, prune, cluster), cluster, making });
  });
}
