// Carries out the plan of a clone: the same writing as a restore, from memory, into the new namespace.

import { noFilters } from '../collect/object-filters.ts';
import { discover } from '../../api/index.ts';
import { changeAt, withoutKeys } from '../restore/edit-object.ts';
import { type Readiness, awaitReady } from '../drill/await-ready.ts';
import type { Contents } from '../restore/contents.ts';
import { restoreBackup } from '../restore/restore-backup.ts';
import type { Adjustment, RestoreContext, RestoreReport, RestoreWish } from '../restore/restore-wish.ts';
import type { ClonePlan, CloneWish } from './clone-plan.ts';
import { contentsOf } from './memory-contents.ts';

export interface Making extends Omit<RestoreContext, 'contents'> {
  readonly concurrency: number;
  /** Milliseconds to wait for workloads to be ready; left out, nobody waits. */
  readonly readyWithin?: number | undefined;
}

export interface MadeClone {
  readonly items: RestoreReport['items'];
  readonly counts: RestoreReport['counts'];
  readonly volumes: RestoreReport['volumes'];
  readonly warnings: readonly string[];
  readonly readiness: Readiness | undefined;
}

/** A copy of what is there now has no backup: it must not bear the name of one. */
const adjust: Adjustment = {
  takes: () => true,
  change: (_place, object) =>
    changeAt(object, ['metadata', 'labels'], (labels) => withoutKeys(labels, (key) => key.startsWith('velero.io/'))),
  isOnlyAsked: () => false,
};

type Mapping = Pick<CloneWish, 'storageClasses' | 'images'>;

function wishFor(plan: ClonePlan, wish: Mapping, concurrency: number): RestoreWish {
  return {
    backup: plan.of,
    name: plan.name,
    selection: {
      takesNamespace: () => true,
      takesAllNamespaces: true,
      takesResource: () => true,
      includeClusterResources: true,
      rulesOf: noFilters,
    },
    namespaceMappings: new Map(),
    existing: 'none',
    preserveNodePorts: false,
    storageClasses: wish.storageClasses,
    images: wish.images,
    statusResources: [],
    dryRun: false,
    concurrency,
    adjust,
  };
}

/** What the API server answers when it is asked, and nothing is made. */
export type TriedClone = Pick<RestoreReport, 'items' | 'counts' | 'preflight' | 'warnings'>;

/** Throws only where the cluster is gone. */
export async function tryClone(plan: ClonePlan, wish: Mapping, making: Making): Promise<TriedClone> {
  const { concurrency, ...context } = making;
  const asked = { ...wishFor(plan, wish, concurrency), dryRun: true };
  const { items, counts, preflight, warnings } = await restoreBackup(asked, { ...context, contents: copyOf(plan) });
  return { items, counts, preflight, warnings };
}

function copyOf(plan: ClonePlan): Contents {
  return contentsOf(plan.objects, `the copy of ${plan.of}`);
}

/** Throws only where the cluster is gone; what could not be made is in `items`. */
export async function makeClone(plan: ClonePlan, wish: Mapping, making: Making): Promise<MadeClone> {
  const { concurrency, readyWithin, ...context } = making;
  const contents = copyOf(plan);
  const report = await restoreBackup(wishFor(plan, wish, concurrency), { ...context, contents });
  const { items, counts, volumes, warnings } = report;
  const readiness =
    readyWithin === undefined || counts.failed > 0
      ? undefined
      : await awaitReady(
          { ...context, discovery: await discover(context.client), namespaces: [plan.name], within: readyWithin },
          () => Promise.resolve(),
        );
  return { items, counts, volumes, warnings, readiness };
}
