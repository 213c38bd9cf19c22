// Carries a plan out, goes on with one that was broken off, and takes one back. The journal is on the disk before and after each step.

import type {
  ErrorCode,
  Inverse,
  Journal,
  JournalEntry,
  Plan,
  PlanInput,
  PlanStep,
  StepState,
} from '../../model/index.ts';
import { isSameJson, UserError } from '../../model/index.ts';
import { type Site, targetOf, tellChange } from '../../targets/index.ts';
import { keepable } from './secret-free.ts';

/** After one step, after all of them, or after they were taken back. */
export type SettleAfter = 'step' | 'all' | 'undo';

export interface Doing {
  readonly site: Site;
  readonly plan: Plan;
  /** Writes the journal; it must be safe on the disk when this resolves. */
  readonly note: (journal: Journal) => Promise<void>;
  /** ISO time. */
  readonly now: () => string;
  /** Told what is being done: the step and how many there are. */
  readonly tell: (what: string) => void;
  /** Waits until what the steps touched is well again; says what is wrong, where it does not become so. */
  readonly settle: (steps: readonly PlanStep[], after: SettleAfter) => Promise<string | undefined>;
  /** True where the user wants what was done to stay, also after trouble. */
  readonly keep: boolean;
}

export type Outcome = Journal & { readonly state: 'applied' | 'undone' | 'applying' };

/** The input that a step is about. */
export function inputFor({ inputs }: Plan, { action }: PlanStep): PlanInput | undefined {
  if ('file' in action) return inputs.find((input) => input.kind === 'file' && input.file === action.file);
  const target = targetOf(action);
  return inputs.find((input) => input.kind === 'object' && isSameJson({ ...input.object }, { ...target }));
}

/** What is not as it was when the plan was made. */
export async function findChanges({ inputs }: Plan, site: Site): Promise<string[]> {
  const changes: string[] = [];
  for (const input of inputs) {
    const change = tellChange(input, await site.readInput(input));
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

export function changedError(changes: readonly string[], advice: string): UserError {
  return new UserError('plan-changed', changes.join('; '), advice);
}

class Work {
  private readonly doing: Doing;
  private journal: Journal;

  constructor(doing: Doing, journal: Journal) {
    this.doing = doing;
    this.journal = journal;
  }

  get state(): Journal {
    return this.journal;
  }

  async note(change: Partial<Journal>): Promise<void> {
    this.journal = { ...this.journal, ...change };
    await this.doing.note(this.journal);
  }

  entryOf(step: string): JournalEntry | undefined {
    return this.journal.entries.find((entry) => entry.step === step);
  }

  async mark(step: string, state: StepState, rest: { inverse: Inverse; left?: PlanInput }): Promise<void> {
    const { inverse, left } = rest;
    const entry = { step, state, at: this.doing.now(), inverse, ...(left === undefined ? {} : { left }) };
    const others = this.journal.entries.filter((each) => each.step !== step);
    await this.note({ entries: [...others, entry] });
  }

  /** A step that was broken off is either done or not: the world tells, and where it tells neither, nobody knows. */
  private async wasDone(step: PlanStep, entry: JournalEntry): Promise<boolean> {
    const { site, plan } = this.doing;
    const forward = await site.findObstacles(step.action, inputFor(plan, step));
    if (forward.length === 0) return false;
    const back = entry.inverse.kind === 'none' ? [] : await site.findObstacles(entry.inverse, undefined);
    if (back.length === 0) return true;
    throw changedError(
      [...forward, ...back],
      `The step "${step.title}" was broken off, and what it is about has changed since: look at it, and take the rest back by hand.`,
    );
  }

  async perform(step: PlanStep): Promise<void> {
    const { site, plan } = this.doing;
    const entry = this.entryOf(step.id);
    if (entry?.state === 'doing' && (await this.wasDone(step, entry))) {
      await this.mark(step.id, 'done', entry);
      return;
    }
    await this.mark(step.id, 'doing', { inverse: step.inverse });
    const performed = await site.perform(step.action, inputFor(plan, step));
    await this.mark(step.id, 'done', { ...performed, inverse: keepable(performed.inverse) });
  }

  /** The step was refused, and has changed nothing. */
  async forget(step: PlanStep): Promise<void> {
    await this.note({ entries: this.journal.entries.filter((each) => each.step !== step.id) });
  }

  /** Takes one step back. One that was begun and not done needs nothing. */
  async undo(step: PlanStep, entry: JournalEntry): Promise<void> {
    const { site } = this.doing;
    const isDone =
      entry.state === 'done' ||
      (entry.state === 'undoing' ? await this.isStillDone(entry) : await this.wasDone(step, entry));
    if (!isDone || entry.inverse.kind === 'none') return this.mark(step.id, 'undone', entry);
    await this.mark(step.id, 'undoing', entry);
    const { left } = await site.perform(entry.inverse, entry.left);
    return this.mark(step.id, 'undone', { inverse: entry.inverse, left });
  }

  private async isStillDone(entry: JournalEntry): Promise<boolean> {
    if (entry.inverse.kind === 'none') return false;
    return (await this.doing.site.findObstacles(entry.inverse, entry.left)).length === 0;
  }
}

/** Whether the steps before it must be well before this one is done: pods are changed one workload after another. */
function waitsBefore(step: PlanStep): boolean {
  return 'object' in step.action;
}

function whileTakingBack({ code, message, advice }: UserError, step: PlanStep, trouble: string | undefined): UserError {
  const first = trouble === undefined ? '' : `${trouble}; then, `;
  return new UserError(
    code,
    `${first}taking back "${step.title}": ${message}`,
    `${advice} \`nowwhat undo\` goes on from there.`,
  );
}

async function undoAll(work: Work, doing: Doing, trouble: string | undefined): Promise<Outcome> {
  const { plan, tell } = doing;
  await work.note({ state: 'undoing', ...(trouble === undefined ? {} : { trouble }) });
  const begun = plan.steps.toReversed().flatMap((step) => {
    const entry = work.entryOf(step.id);
    return entry === undefined || entry.state === 'undone' ? [] : [{ step, entry }];
  });
  for (const { step, entry } of begun) {
    tell(`taking back: ${step.title}`);
    await work.undo(step, entry).catch((error: unknown) => {
      throw error instanceof UserError ? whileTakingBack(error, step, trouble) : error;
    });
  }
  const after = await doing.settle(
    begun.map(({ step }) => step),
    'undo',
  );
  const told = [trouble, after === undefined ? undefined : `after that: ${after}`].filter((each) => each !== undefined);
  await work.note({
    state: 'undone',
    ended: doing.now(),
    ...(told.length === 0 ? {} : { trouble: told.join('; ') }),
  });
  return work.state as Outcome;
}

/** After these nobody knows whether the request was carried out. */
const uncertain: readonly ErrorCode[] = ['cluster-unreachable', 'cluster-failed'];

/** Only what the user can act on is trouble; anything else is a bug and stays one. */
async function tryStep(work: Work, doing: Doing, step: PlanStep): Promise<string | undefined> {
  try {
    await work.perform(step);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!uncertain.includes(error.code)) await work.forget(step);
    return `${step.title}: ${error.message}`;
  }
  const trouble = waitsBefore(step) ? await doing.settle([step], 'step') : undefined;
  return trouble === undefined ? undefined : `${step.title}: ${trouble}`;
}

/** All steps that are not done yet; the first trouble ends it. */
async function doSteps(work: Work, doing: Doing): Promise<string | undefined> {
  const { steps } = doing.plan;
  for (const [index, step] of steps.entries()) {
    if (work.entryOf(step.id)?.state === 'done') continue;
    doing.tell(`${index + 1} of ${steps.length}: ${step.title}`);
    const trouble = await tryStep(work, doing, step);
    if (trouble !== undefined) return trouble;
  }
  return await doing.settle(steps, 'all');
}

async function requireUnchanged({ plan, site }: Doing): Promise<void> {
  const changes = await findChanges(plan, site);
  if (changes.length > 0) throw changedError(changes, 'Nothing was changed. Make the plan anew.');
}

/**
 * Does all steps in order. On trouble what was done is taken back, unless `keep`. `former` is the journal of a run that was broken off: what it
 * has done is not done again. Throws `UserError` `plan-changed` where the plan does not fit any more, and nothing is changed.
 */
export async function carryOut(doing: Doing, former: Journal | undefined): Promise<Outcome> {
  const isResumed = former?.state === 'applying';
  if (!isResumed) await requireUnchanged(doing);
  const begin: Journal = { schema: 'nowwhat.dev/journal/v1', state: 'applying', started: doing.now(), entries: [] };
  const work = new Work(doing, isResumed ? former : begin);
  await work.note({});
  const trouble = await doSteps(work, doing);
  if (trouble === undefined) await work.note({ state: 'applied', ended: doing.now() });
  else if (doing.keep) await work.note({ trouble });
  else return await undoAll(work, doing, trouble);
  return work.state as Outcome;
}

/** Why a plan cannot be taken back as things are; nothing is changed by asking. */
export async function findUndoObstacles(doing: Pick<Doing, 'site' | 'plan'>, journal: Journal): Promise<string[]> {
  const obstacles: string[] = [];
  for (const { step, state, inverse, left } of journal.entries) {
    const title = doing.plan.steps.find(({ id }) => id === step)?.title ?? step;
    if (state !== 'done') continue;
    if (inverse.kind === 'none') obstacles.push(`${title} cannot be taken back: ${inverse.reason}`);
    else obstacles.push(...(await doing.site.findObstacles(inverse, left)));
  }
  return obstacles;
}

/** Takes back what a journal says was done, from the last step to the first. */
export async function takeBack(doing: Doing, journal: Journal): Promise<Outcome> {
  const obstacles = journal.state === 'applied' ? await findUndoObstacles(doing, journal) : [];
  if (obstacles.length > 0)
    throw changedError(
      obstacles,
      'Nothing was taken back: it would undo what was done since. Look at it, and change it by hand.',
    );
  return await undoAll(new Work(doing, journal), doing, undefined);
}
