// The use case of tidying a store: what would go is shown, and goes where somebody agrees.

import {
  applyPrune,
  isEmptyRule,
  planPrune,
  type Pruned,
  type PrunePlan,
  type RetentionRule,
  type Store,
} from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { EndingBackups } from './delete-backup.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { withStore } from './with-store.ts';

export interface PruneOrder {
  readonly store: string;
  readonly rule: RetentionRule;
  /** Only what this schedule has made. */
  readonly schedule?: string | undefined;
  /** Also what no schedule has made. */
  readonly all: boolean;
  readonly dryRun: boolean;
  /** Whose drivers delete snapshots; without one, backups with snapshots stay. */
  readonly cluster?: ClusterWish | undefined;
}

export interface PruneAnswer {
  readonly plan: PrunePlan;
  /** Nothing for a dry run. */
  readonly pruned: readonly Pruned[];
}

interface Telling {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly outside: Outside;
  /** Shows what is about to go; throws where nobody agrees. Not asked where nothing goes. */
  readonly agree: (plan: PrunePlan) => Promise<void>;
}

/** The cluster is opened where a backup has snapshots, and once. */
async function applyAll(
  store: Store,
  plan: PrunePlan,
  { cluster }: PruneOrder,
  outside: Outside,
): Promise<readonly Pruned[]> {
  const ending = new EndingBackups(store, cluster, outside);
  try {
    return await applyPrune(store, plan, { progress: outside.progress, end: (name) => ending.end(name) });
  } finally {
    await ending.close();
  }
}

/** Throws `UserError`; what the store does not let go of is in the answer. */
export async function pruneBackups(order: PruneOrder, { now, outside, agree }: Telling): Promise<PruneAnswer> {
  if (isEmptyRule(order.rule))
    throw new UserError(
      'invalid-option',
      'nothing says what to keep',
      'Say so, such as --keep-daily 7 --keep-weekly 4.',
    );
  return await withStore(order.store, async (store) => {
    outside.progress('looking at the store');
    const plan = await planPrune(store, order, now());
    const goes = plan.series.some(({ decisions }) => decisions.some(({ keep }) => !keep));
    if (order.dryRun || !goes) return { plan, pruned: [] };
    await agree(plan);
    return { plan, pruned: await applyAll(store, plan, order, outside) };
  });
}
