// Applies a plan, goes on with one that was broken off, and takes one back: in the folder or cluster that it is about, with its record in .nowwhat/.

import { type Clock, systemClock } from '../../api/index.ts';
import { type Journal, type Plan, UserError } from '../../model/index.ts';
import { openFolder } from '../../targets/index.ts';
import type { Outside } from '../outside.ts';
import { carryOut, type Doing, type Outcome, takeBack } from './carry-out.ts';
import { withPlanLock } from './plan-lock.ts';
import type { OpenSite, PlanWish } from './plan-wish.ts';
import { folderOfPlan, idOf, listStored, readStored, storeJournal, type StoredPlan, storePlan } from './plan-store.ts';

/** A plan that was carried out or taken back, and how that went. */
export interface PlanOutcome {
  readonly schema: 'nowwhat.dev/outcome/v1';
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Outcome;
}

async function openSite(plan: Plan, wish: PlanWish, outside: Outside): Promise<OpenSite> {
  if (plan.target.kind === 'folder')
    return { site: openFolder(wish.root), settle: async () => undefined, close: async () => undefined };
  const { openClusterSite } = await import('./cluster/open-site.ts');
  return await openClusterSite(plan, wish, outside);
}

export function timeOf(clock: Clock | undefined): string {
  return new Date((clock ?? systemClock).now()).toISOString();
}

async function work(
  { id, plan }: Pick<StoredPlan, 'id' | 'plan'>,
  wish: PlanWish,
  outside: Outside,
  act: (doing: Doing) => Promise<Outcome>,
): Promise<PlanOutcome> {
  const { site, settle, close } = await openSite(plan, wish, outside);
  const note = (journal: Journal): Promise<void> => storeJournal(wish.root, id, journal);
  const now = (): string => timeOf(outside.clock);
  try {
    const journal = await act({ site, plan, note, now, tell: outside.progress, settle, keep: wish.keep });
    return { schema: 'nowwhat.dev/outcome/v1', id, plan, journal };
  } finally {
    await close();
  }
}

/** The record of a plan that is to be applied. Throws where that was done already. */
export async function findFormer(root: string, plan: Plan): Promise<StoredPlan | undefined> {
  const former = await readStored(root, idOf(plan));
  if (former?.journal.state === 'applied')
    throw new UserError(
      'plan-done',
      `the plan was applied on ${former.journal.started.slice(0, 10)}`,
      'Take it back with `nowwhat undo`, or make a new one.',
    );
  if (former?.journal.state === 'undoing')
    throw new UserError('plan-done', 'the plan is being taken back', 'Go on with `nowwhat undo`.');
  return former;
}

/** Throws `UserError` where the plan does not fit any more or another run is at it; trouble on the way is in the outcome. */
export async function applyPlan(plan: Plan, wish: PlanWish, outside: Outside): Promise<PlanOutcome> {
  const id = idOf(plan);
  return await withPlanLock(folderOfPlan(wish.root, id), timeOf(outside.clock), async () => {
    const former = await findFormer(wish.root, plan);
    if (former === undefined) await storePlan(wish.root, id, plan);
    return await work({ id, plan }, wish, outside, (doing) => carryOut(doing, former?.journal));
  });
}

/** The plan to take back: the one that is named by its id, else the last one that was begun and is not undone. */
export async function findUndo(root: string, id: string | undefined): Promise<StoredPlan> {
  const all = await listStored(root);
  const found = all.find((each) => (id === undefined ? each.journal.state !== 'undone' : each.id === id));
  if (found === undefined)
    throw new UserError(
      'plan-done',
      id === undefined ? `no plan was applied in ${root}` : `no plan in ${root} has the id ${id}`,
      'See `nowwhat undo --list`.',
    );
  if (found.journal.state !== 'undone') return found;
  throw new UserError('plan-done', `the plan ${found.id} was taken back already`, 'See `nowwhat undo --list`.');
}

/** Throws `UserError` where the world has moved on; then nothing is taken back. */
export async function undoPlan({ id }: StoredPlan, wish: PlanWish, outside: Outside): Promise<PlanOutcome> {
  return await withPlanLock(folderOfPlan(wish.root, id), timeOf(outside.clock), async () => {
    // As it is by now: somebody may have taken it back while this one was being agreed to.
    const stored = await findUndo(wish.root, id);
    return await work(stored, wish, outside, (doing) => takeBack(doing, stored.journal));
  });
}
