// `plan`: what `fix` would do, as a file to look at, to keep and to apply later.

import { resolve } from 'node:path';
import { planFolder } from '../../../app/plans/plan-folder.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import type { Plan } from '../../../model/index.ts';
import type { Io } from '../../io.ts';
import { renderClusterFix, renderPlan } from '../../reporters/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { type FixFlags, planForFiles, splitWords } from '../fix.ts';
import { commandText, lookOf } from './change-flags.ts';
import { planForCluster } from './cluster-fix.ts';

export interface PlanFlags extends Omit<FixFlags, 'output'> {
  /** `text`, `json`, or the file that the plan is written to. */
  readonly output: string;
}

interface Made {
  readonly plan: Plan;
  readonly text: string;
}

async function planFiles(words: readonly string[], flags: FixFlags, io: Io): Promise<Made> {
  const { paths } = splitWords(words);
  const fix = await planForFiles(words, flags, io);
  const { fixed } = fix.answer;
  const plan = await planFolder(fix, {
    root: await findRecordRoot(paths[0] ?? '.'),
    title: `Put ${fixed.length} finding${fixed.length === 1 ? '' : 's'} right`,
    command: commandText('plan', words, flags),
    version: io.version,
    now: io.now(),
  });
  return { plan, text: renderPlan(plan, [], lookOf(flags, io)) };
}

async function planCluster(words: readonly string[], flags: FixFlags, io: Io): Promise<Made> {
  const fix = await planForCluster(words, flags, io, 'plan');
  return { plan: fix.plan, text: renderClusterFix(fix, lookOf(flags, io)) };
}

/** Exit status 0 where the plan was made, whatever is in it. */
export async function runPlan(words: readonly string[], flags: PlanFlags, io: Io): Promise<number> {
  const { output, ...rest } = flags;
  const fixFlags: FixFlags = { ...rest, output: 'text' };
  const isCluster = flags.context !== undefined && splitWords(words).paths.length === 0;
  const { plan, text } = await (isCluster ? planCluster : planFiles)(words, fixFlags, io);
  const json = `${JSON.stringify(plan, null, 2)}\n`;
  if (output === 'text' || output === 'json') {
    await writeOutput(output === 'json' ? json : text, { file: flags.outputFile, quiet: flags.quiet }, io);
    return 0;
  }
  await writeOutput(json, { file: resolve(output), quiet: true }, io);
  await writeOutput(
    `${text}\n  ${io.program} apply ${output} carries it out.\n\n`,
    { file: undefined, quiet: flags.quiet },
    io,
  );
  return 0;
}
