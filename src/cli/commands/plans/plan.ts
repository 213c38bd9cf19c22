// `plan`: what `fix` would do, as a file to look at, to keep and to apply later.

import { relative, resolve, sep } from 'node:path';
import type { PruneWish } from '../../../app/plans/cluster/prune.ts';
import { planFolder } from '../../../app/plans/plan-folder.ts';
import { findRecordRoot } from '../../../app/records/record-folder.ts';
import { clusterOptions, type Plan, renderJson, shellCommand, UserError } from '../../../model/index.ts';
import { readApp } from '../../../app/read-app.ts';
import { type SourceFlags, toClusterOnlyWish, toNamedCluster, toReadWish } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { decisionLines } from '../../reporters/decisions.ts';
import { renderClusterFix, renderClusterPlan, renderPlan } from '../../reporters/plan.ts';
import { writeOutput } from '../../write-output.ts';
import { planForFiles, splitWords } from '../fix.ts';
import type { FixFlags } from '../fix-flags.ts';
import { withOutside } from './carry-out-plan.ts';
import { commandText, lookOf } from './change-flags.ts';
import { planForCluster } from './cluster-fix.ts';

export interface PlanFlags extends Omit<FixFlags, 'output'> {
  /** `text`, `json`, or the file that the plan is written to. */
  readonly output: string;
  /** Files with objects that are to be in the cluster. */
  readonly create?: readonly string[];
  /** Remove what earlier plans of these files made and they do not say any more. */
  readonly prune?: boolean;
}

type NewFlags = FixFlags & Pick<PlanFlags, 'prune'>;

/** A plan, and what a person reads of it, or of one that has more. */
export interface Made {
  readonly plan: Plan;
  readonly render: (plan: Plan) => string;
}

async function planFiles(words: readonly string[], flags: FixFlags, io: Io): Promise<Made> {
  const { paths } = splitWords(words);
  const fix = await planForFiles(words, flags, io);
  const { fixed, network } = fix.answer;
  const cut = network?.cut.find(({ isThere }) => isThere);
  if (cut !== undefined)
    throw new UserError(
      'network-would-cut',
      `a policy would cut ${cut.from} → ${cut.to}, ${cut.port}: ${cut.why}`,
      'See all of them with: network policies -o text. Nothing was planned.',
    );
  const plan = await planFolder(fix, {
    root: await findRecordRoot(paths[0] ?? '.'),
    title: flags.report?.title ?? `Put ${fixed.length} finding${fixed.length === 1 ? '' : 's'} right`,
    command: commandText('plan', words, flags),
    version: io.version,
    now: io.now(),
  });
  const look = lookOf(flags, io);
  const decisions = flags.report === undefined ? [] : decisionLines(fix.answer, look);
  return { plan, render: (now) => [renderPlan(now, [], look), ...decisions].join('\n') };
}

async function planCluster(words: readonly string[], flags: FixFlags, io: Io): Promise<Made> {
  const fix = await planForCluster(words, flags, io, 'plan');
  return { plan: fix.plan, render: (plan) => renderClusterFix({ ...fix, plan }, lookOf(flags, io)) };
}

/** Paths from the root of the records; nothing where standard input is among them, of which nobody knows what it was before. */
function fromRoot(files: readonly string[], root: string): string[] | undefined {
  if (files.includes('-')) return undefined;
  return files.map((file) => relative(root, resolve(file)).split(sep).join('/'));
}

/** What is to be known of earlier plans. */
async function readPrune(files: readonly string[] | undefined, root: string): Promise<PruneWish> {
  if (files === undefined)
    throw new UserError(
      'invalid-option',
      '--prune needs files: of standard input nobody knows what it was before',
      'Name the files or folders with --create.',
    );
  const { listStored } = await import('../../../app/plans/plan-store.ts');
  return { stored: await listStored(root), files };
}

/** Objects of files, for a cluster. */
async function planNew(files: readonly string[], flags: NewFlags, io: Io): Promise<Made> {
  const { planObjects } = await import('../../../app/plans/cluster/plan-objects.ts');
  const { context: _, kubeconfig: __, allNamespaces: ___, prune: wantsPrune = false, ...reading } = flags;
  const root = await findRecordRoot('.');
  const declaredIn = fromRoot(files, root);
  const prune = wantsPrune ? { prune: await readPrune(declaredIn, root) } : {};
  const made = await withOutside(flags, io, async (outside) => {
    const { snapshot } = await readApp(toReadWish(files, reading), outside);
    const objects = snapshot.objects.map((object) => ({ object, reason: `${object.source.file} declares it` }));
    const command = `${commandText('plan', [], flags)} ${files.map((file) => `--create ${file}`).join(' ')}${wantsPrune ? ' --prune' : ''}`;
    const count = objects.length;
    const making = {
      title: `Bring ${count} object${count === 1 ? '' : 's'} in`,
      command,
      version: io.version,
      now: io.now(),
      declaredIn,
    };
    const wish = { cluster: toClusterOnlyWish(flags), takeOver: flags.takeOver ?? [], objects, making, ...prune };
    return await planObjects(wish, outside);
  });
  return { plan: made.plan, render: (plan) => renderClusterPlan({ ...made, plan }, lookOf(flags, io)) };
}

/** The plan for findings of files or of a cluster, or for objects that it is to have. */
export function makePlan(words: readonly string[], flags: NewFlags, create: readonly string[], io: Io): Promise<Made> {
  if (create.length === 0) {
    if (flags.prune === true)
      throw new UserError('invalid-option', '--prune goes with --create', 'Name the files with --create.');
    const isCluster = flags.context !== undefined && splitWords(words).paths.length === 0;
    return (isCluster ? planCluster : planFiles)(words, flags, io);
  }
  if (words.length === 0 && flags.context !== undefined) return planNew(create, flags, io);
  throw new UserError('invalid-option', '--create is for a cluster', 'Name it with --context, and no checks or paths.');
}

/** Where the plan goes: `text`, `json`, or a file of its own. */
export async function writePlan(
  { plan, render }: Made,
  flags: Pick<PlanFlags, 'output' | 'outputFile' | 'quiet'> & SourceFlags,
  io: Io,
): Promise<void> {
  const { output, outputFile: file, quiet } = flags;
  const json = `${renderJson(plan, 2)}\n`;
  const text = render(plan);
  if (output === 'text' || output === 'json')
    return await writeOutput(output === 'json' ? json : text, { file, quiet }, io);
  await writeOutput(json, { file: resolve(output), quiet: true }, io);
  // The plan names the context itself.
  const place = clusterOptions({ ...toNamedCluster(flags), context: '' });
  const next =
    plan.steps.length === 0 ? '' : `\n  ${io.program} ${shellCommand(['apply', output, ...place])} carries it out.\n\n`;
  await writeOutput(text + next, { file: undefined, quiet }, io);
}

/** Exit status 0 where the plan was made, whatever is in it. */
export async function runPlan(words: readonly string[], flags: PlanFlags, io: Io): Promise<number> {
  const { create = [], ...rest } = flags;
  await writePlan(await makePlan(words, { ...rest, output: 'text' }, create, io), flags, io);
  return 0;
}
