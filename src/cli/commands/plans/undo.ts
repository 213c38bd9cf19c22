// `undo`: takes back what a plan has done, where nobody has gone on from it.

import { findUndo } from '../../../app/plans/apply-plan.ts';
import { listStored, type StoredPlan } from '../../../app/plans/plan-store.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { renderJson } from '../../../model/index.ts';
import type { Io } from '../../io.ts';
import { padEnd } from '../../layout.ts';
import { renderOutcome, renderUndo } from '../../reporters/plan.ts';
import { visible } from '../../style.ts';
import { writeOutput } from '../../write-output.ts';
import { requireAgreement } from './agree.ts';
import type { ApplyFlags } from './apply.ts';
import { takeBackPlan } from './carry-out-plan.ts';
import { errorLookOf, lookOf } from './change-flags.ts';

export interface UndoFlags extends ApplyFlags {
  readonly list?: boolean;
}

function renderList(all: readonly StoredPlan[]): string {
  if (all.length === 0) return '\n  No plan was applied here.\n\n';
  const rows = all.map(({ id, plan, journal }) => `  ${id}  ${padEnd(journal.state, 8)}  ${visible(plan.title)}`);
  return `\n${rows.join('\n')}\n\n`;
}

async function list(root: string, flags: UndoFlags, io: Io): Promise<number> {
  const all = await listStored(root);
  const values = all.map(({ id, plan: { title, made, target }, journal: { state, started } }) => ({
    id,
    title,
    made,
    target,
    state,
    started,
  }));
  const json = { schema: 'nowwhat.dev/plans/v1', plans: values };
  const text = flags.output === 'json' ? `${renderJson(json, 2)}\n` : renderList(all);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}

/** Exit status 1 where the app did not become ready again. */
export async function runUndo(id: string | undefined, flags: UndoFlags, io: Io): Promise<number> {
  const root = await findRecordRoot('.');
  if (flags.list === true) return await list(root, flags, io);
  const stored = await findUndo(root, id);
  const shown = renderUndo(stored.plan, stored.journal, errorLookOf(flags, io));
  await requireAgreement('Take this back?', shown, flags.yes ?? false, io);
  const outcome = await takeBackPlan(stored, root, flags, io);
  const text = flags.output === 'json' ? `${renderJson(outcome, 2)}\n` : renderOutcome(outcome, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return outcome.journal.trouble === stored.journal.trouble ? 0 : 1;
}
