// `apply`: carries out a plan that was made before, where it still fits.

import { readFile } from 'node:fs/promises';
import { findFormer } from '../../../app/plans/apply-plan.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { parsePlan } from '../../../app/records/parse-record.ts';
import { type Plan, renderJson } from '../../../model/index.ts';
import { toPathError } from '../../../sources/index.ts';
import type { Io } from '../../io.ts';
import { renderOutcome, renderPlan } from '../../reporters/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { requireAgreement } from './agree.ts';
import { carryOutPlan, withOutside } from './carry-out-plan.ts';
import { type ChangeFlags, errorLookOf, lookOf, toPlanWish } from './change-flags.ts';

export interface ApplyFlags extends ChangeFlags {
  readonly output: 'text' | 'json';
}

async function readPlan(file: string): Promise<Plan> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw toPathError(cause, `the plan ${file}`, 'Make one with `nowwhat plan -o FILE`.');
  });
  return parsePlan(file, text);
}

/** Of a cluster, what its server says to each step now. One that was broken off is not asked about again: part of it is done. */
async function preview(plan: Plan, root: string, flags: ApplyFlags, io: Io) {
  if (plan.target.kind === 'folder') return [];
  const former = await findFormer(root, plan);
  if (former?.journal.state === 'applying') return [];
  const { previewPlan } = await import('../../../app/plans/cluster/preview-plan.ts');
  return await withOutside(flags, io, (outside) => previewPlan(plan, toPlanWish(root, flags), outside));
}

/** Exit status 1 where what was done had to be taken back, or stopped. */
export async function runApply(file: string, flags: ApplyFlags, io: Io): Promise<number> {
  const plan = await readPlan(file);
  const root = await findRecordRoot('.');
  await findFormer(root, plan);
  const previews = await preview(plan, root, flags, io);
  const shown = renderPlan(plan, previews, errorLookOf(flags, io));
  await requireAgreement('Do this?', shown, flags.yes ?? false, io);
  const outcome = await carryOutPlan(plan, root, flags, io);
  const text = flags.output === 'json' ? `${renderJson(outcome, 2)}\n` : renderOutcome(outcome, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return outcome.journal.state === 'applied' ? 0 : 1;
}
