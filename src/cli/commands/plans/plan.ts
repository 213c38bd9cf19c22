// `plan`: what `fix` would do, as a file to look at, to keep and to apply later.

import { resolve } from 'node:path';
import { planFolder } from '../../../app/plans/plan-folder.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { type Plan, UserError } from '../../../model/index.ts';
import { readApp } from '../../../app/read-app.ts';
import { toClusterOnlyWish, toReadWish } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderClusterFix, renderClusterPlan, renderPlan } from '../../reporters/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { type FixFlags, planForFiles, splitWords } from '../fix.ts';
import { withOutside } from './carry-out-plan.ts';
import { commandText, lookOf } from './change-flags.ts';
import { planForCluster } from './cluster-fix.ts';

export interface PlanFlags extends Omit<FixFlags, 'output'> {
  /** `text`, `json`, or the file that the plan is written to. */
  readonly output: string;
  /** Files with objects that are to be in the cluster. */
  readonly create?: readonly string[];
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

/** Objects of files, for a cluster. */
async function planNew(files: readonly string[], flags: FixFlags, io: Io): Promise<Made> {
  const { planObjects } = await import('../../../app/plans/cluster/plan-objects.ts');
  const { context: _, kubeconfig: __, allNamespaces: ___, ...reading } = flags;
  const made = await withOutside(flags, io, async (outside) => {
    const { snapshot } = await readApp(toReadWish(files, reading), outside);
    const objects = snapshot.objects.map((object) => ({ object, reason: `${object.source.file} declares it` }));
    const command = `${commandText('plan', [], flags)} ${files.map((file) => `--create ${file}`).join(' ')}`;
    const count = objects.length;
    const making = {
      title: `Bring ${count} object${count === 1 ? '' : 's'} in`,
      command,
      version: io.version,
      now: io.now(),
    };
    const wish = { cluster: toClusterOnlyWish(flags), takeOver: flags.takeOver ?? [], objects, making };
    return await planObjects(wish, outside);
  });
  return { plan: made.plan, text: renderClusterPlan(made, lookOf(flags, io)) };
}

function makePlan(words: readonly string[], flags: FixFlags, create: readonly string[], io: Io): Promise<Made> {
  if (create.length === 0) {
    const isCluster = flags.context !== undefined && splitWords(words).paths.length === 0;
    return (isCluster ? planCluster : planFiles)(words, flags, io);
  }
  if (words.length === 0 && flags.context !== undefined) return planNew(create, flags, io);
  throw new UserError('invalid-option', '--create is for a cluster', 'Name it with --context, and no checks or paths.');
}

/** Exit status 0 where the plan was made, whatever is in it. */
export async function runPlan(words: readonly string[], flags: PlanFlags, io: Io): Promise<number> {
  const { output, create = [], ...rest } = flags;
  const fixFlags: FixFlags = { ...rest, output: 'text' };
  const { plan, text } = await makePlan(words, fixFlags, create, io);
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
