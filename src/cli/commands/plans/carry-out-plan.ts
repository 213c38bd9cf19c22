// Carries a plan out at the terminal: a line of progress, a word about what to do where it is ended in the middle, and the outcome.

import { applyPlan, type PlanOutcome, undoPlan } from '../../../app/plans/apply-plan.ts';
import type { StoredPlan } from '../../../app/plans/plan-store.ts';
import { clusterOptions, type Plan, shellCommand } from '../../../model/index.ts';
import type { Outside } from '../../../app/outside.ts';
import type { Io } from '../../io.ts';
import { withProgress } from '../../progress.ts';
import { toNamedCluster } from '../../flags.ts';
import { type ChangeFlags, toPlanWish } from './change-flags.ts';

type Say = (what: string) => void;

async function watched<T>(
  what: string,
  flags: ChangeFlags,
  io: Io,
  work: (outside: Outside) => Promise<T>,
): Promise<T> {
  const { stdin, environment, today } = io;
  const told = (): void =>
    io.err(
      `\n${what} was ended in the middle. ${io.program} ${shellCommand(['undo', ...clusterOptions(toNamedCluster(flags))])} takes back what was done; the same command again goes on.\n`,
    );
  return await io.whileRunning(told, () =>
    withProgress(io, flags.quiet ?? false, (progress: Say) => work({ stdin, environment, today, progress })),
  );
}

/** Runs something that changes nothing, with its line of progress. */
export async function withOutside<T>(flags: ChangeFlags, io: Io, work: (outside: Outside) => Promise<T>): Promise<T> {
  const { stdin, environment, today } = io;
  return await withProgress(io, flags.quiet ?? false, (progress: Say) => work({ stdin, environment, today, progress }));
}

export async function carryOutPlan(plan: Plan, root: string, flags: ChangeFlags, io: Io): Promise<PlanOutcome> {
  return await watched('The plan', flags, io, (outside) => applyPlan(plan, toPlanWish(root, flags), outside));
}

export async function takeBackPlan(stored: StoredPlan, root: string, flags: ChangeFlags, io: Io): Promise<PlanOutcome> {
  return await watched('Taking back', flags, io, (outside) => undoPlan(stored, toPlanWish(root, flags), outside));
}
