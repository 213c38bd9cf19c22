// Writes the edits of a fix, so that they can be taken back, and records the proof that goes with them.

import type { Proof } from '../../model/index.ts';
import { UserError } from '../../model/index.ts';
import { applyFix, type FixPlan } from '../fix/fix.ts';
import type { Outside } from '../outside.ts';
import { inputsOfPaths } from '../records/proof-inputs.ts';
import { recordProof } from '../records/proofs.ts';
import { findRecordRoot } from '../records/record-folder.ts';
import { applyPlan, timeOf } from './apply-plan.ts';
import { planFolder } from './plan-folder.ts';
import type { PlanMaking } from './plan-made.ts';
import { usualPatience } from './watch-workloads.ts';

export interface FixWriting {
  /** As the user named them. */
  readonly paths: readonly string[];
  readonly making: PlanMaking;
}

/** Throws as `applyFix`; then all is as it was. */
async function write(fix: FixPlan, root: string, making: PlanMaking, outside: Outside): Promise<string | undefined> {
  const planned = await planFolder(fix, { ...making, root }).catch((error: unknown) => {
    // No copy is kept of what holds a secret, nor of files that belong to another repository.
    const isUnkept = error instanceof UserError && (error.code === 'secret-in-plan' || error.code === 'invalid-option');
    if (!isUnkept) throw error;
    return undefined;
  });
  if (planned === undefined) {
    await applyFix(fix);
    return undefined;
  }
  const reach = { kubeconfig: undefined, namespaces: [], allNamespaces: false, concurrency: 1 };
  const wish = { root, cluster: reach, keep: false, patience: usualPatience };
  const { id, journal } = await applyPlan(planned, wish, outside);
  if (journal.state === 'applied') return id;
  throw new UserError('output-failed', journal.trouble ?? 'the files cannot be written', 'Nothing was changed.');
}

function proofOf({ answer, files }: FixPlan, { paths, making }: FixWriting, outside: Outside): Omit<Proof, 'inputs'> {
  const { before, after, opened } = answer.proof;
  const checks = new Set(answer.fixed.map(({ check }) => check)).size;
  return {
    schema: 'nowwhat.dev/proof/v1',
    kind: 'fix',
    claim: `The fixes in ${paths.join(', ')} put their findings right and open no other`,
    command: making.command,
    version: making.version,
    time: timeOf(outside.clock),
    result: opened.length === 0 ? 'holds' : 'fails',
    figures: { files: files.length, fixed: answer.fixed.length, checks, failedBefore: before, failedAfter: after },
  };
}

/** Writes all files, or none. The answer is the id for `undo`; nothing where no copy may be kept. */
export async function writeFix(fix: FixPlan, writing: FixWriting, outside: Outside): Promise<string | undefined> {
  const root = await findRecordRoot(writing.paths[0] ?? '.');
  const id = await write(fix, root, writing.making, outside);
  const inputs = await inputsOfPaths(root, writing.paths);
  await recordProof(root, { ...proofOf(fix, writing, outside), inputs });
  return id;
}
