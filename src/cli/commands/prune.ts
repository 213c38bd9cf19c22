// `backup prune`: shows what a rule lets go, and deletes it where somebody agrees.

import { pruneBackups } from '../../app/backups/retention.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { quietly, withProgress } from '../progress.ts';
import { renderPruned, renderPrunePlan } from '../reporters/prune.ts';
import { type RetentionFlags, toRetentionRule } from '../retention-flags.ts';
import { requireStore } from '../store-flags.ts';
import type { StoreFlags } from './backup.ts';
import { requireAgreement } from './plans/agree.ts';

export interface PruneFlags extends StoreFlags, SourceFlags, RetentionFlags {
  readonly output: 'text' | 'json';
  readonly schedule?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

/** Exit status 0 also where the store does not let go of something yet: that is told. */
export async function runPrune(flags: PruneFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const width = parseWidth(flags.width, io.width);
  const look = { style: io.style, width, program: io.program };
  const order = {
    store: requireStore(flags, io),
    rule: toRetentionRule(flags),
    schedule: flags.schedule,
    all: flags.all === true,
    dryRun: flags.dryRun === true,
    cluster: flags.context === undefined ? undefined : toClusterOnlyWish(flags),
  };
  const { plan, pruned } = await withProgress(io, false, (progress) =>
    pruneBackups(order, {
      now: Date.now,
      outside: { stdin, environment, today, progress },
      agree: quietly(progress, (shown) => {
        const page = renderPrunePlan(shown, { ...look, style: io.errorStyle });
        return requireAgreement('Delete what goes? It cannot be brought back.', page, flags.yes === true, io);
      }),
    }),
  );
  if (flags.output === 'json') {
    const answer = { schema: 'nowwhat.dev/prune/v1', dryRun: order.dryRun, ...plan, pruned };
    io.out(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  }
  // Who was asked has seen the plan already.
  const asked = pruned.length > 0 && flags.yes !== true;
  io.out((asked ? '' : renderPrunePlan(plan, look)) + (order.dryRun ? '' : renderPruned(pruned, look)));
  return 0;
}
