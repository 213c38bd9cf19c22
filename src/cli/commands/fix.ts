// `fix`: edits of the user's own files that put findings right; shown first, written where the user says so.

import { type FixPlan, type FixWish, planFix } from '../../app/fix/fix.ts';
import type { Decide } from '../../app/fix/rounds.ts';
import { parseChoice } from '../../app/fix/choices.ts';
import { builtInChecks } from '../../checks/index.ts';
import { renderJson, UserError } from '../../model/index.ts';
import { parseWidth, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderFix } from '../reporters/fix.ts';
import type { ProgramLook } from '../reporters/look.ts';
import { writeOutput } from '../write-output.ts';
import { toAnswers } from './network-policies.ts';
import { type FixFlags, toTarget } from './fix-flags.ts';
import { commandText } from './plans/change-flags.ts';

/** Not a check: asks for network policies from declared calls. */
export const networkWord = 'network';

/** Checks come first or last or between: a word that is a check's name is meant as one. */
export function splitWords(words: readonly string[]): { checks: string[]; paths: string[]; closesNetwork: boolean } {
  const ids = new Set(builtInChecks.map(({ meta }) => meta.id));
  const others = words.filter((word) => !ids.has(word));
  return {
    checks: words.filter((word) => ids.has(word)),
    paths: others.filter((word) => word !== networkWord),
    closesNetwork: others.includes(networkWord),
  };
}

/** What the user says about Services that nobody is known to call. */
function toKept({ keepUncalled, closeUncalled }: FixFlags): Pick<NonNullable<FixWish['network']>, 'keepsUncalled'> {
  if (keepUncalled === true && closeUncalled === true)
    throw new UserError(
      'invalid-option',
      '--keep-uncalled and --close-uncalled were both given',
      'Services that nobody is known to call stay open for their namespace, or are closed: name one of them.',
    );
  if (keepUncalled === true) return { keepsUncalled: true };
  return closeUncalled === true ? { keepsUncalled: false } : {};
}

/** Policies are asked for by a word or by what is told for them. */
function toNetworkWish(isNamed: boolean, flags: FixFlags): FixWish['network'] {
  const { peer, flows = [] } = flags;
  const kept = toKept(flags);
  const isAsked = isNamed || peer !== undefined || kept.keepsUncalled !== undefined || flows.length > 0;
  return isAsked ? { answers: toAnswers(peer), ...kept, flows } : undefined;
}

function toFixWish(words: readonly string[], flags: FixFlags, io: Io): FixWish {
  const { checks, paths, closesNetwork } = splitWords(words);
  if (paths.length === 0)
    throw new UserError(
      'invalid-option',
      'no path was named',
      `Write ${[io.program, 'fix', ...checks, 'PATH'].join(' ')}; for a cluster, --context NAME instead of the path.`,
    );
  return {
    ...toReadWish(paths, flags),
    only: checks.length === 0 ? undefined : checks,
    to: toTarget(flags.to),
    network: toNetworkWish(closesNetwork, flags),
    choices: (flags.choose ?? []).map(parseChoice),
    overlays: flags.postRender,
    about: flags.report?.about,
  };
}

function lookOf(flags: FixFlags, io: Io): ProgramLook {
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return { style, width: parseWidth(flags.width, io.width), program: io.program };
}

function render({ answer }: FixPlan, written: boolean, flags: FixFlags, io: Io): string {
  if (flags.output === 'json') return `${renderJson({ ...answer, written }, 2)}\n`;
  if (flags.output === 'diff') return answer.files.map(({ diff }) => diff).join('');
  return renderFix(answer, written, lookOf(flags, io));
}

type Ask = (question: string) => Promise<string | undefined>;

async function planFor(
  words: readonly string[],
  flags: FixFlags,
  io: Io,
  decide: Decide | undefined,
): Promise<FixPlan> {
  const { stdin, environment, today, whileRunning } = io;
  const wish = { ...toFixWish(words, flags, io), decide };
  const plan = (progress: (what: string) => void) =>
    planFix(wish, { stdin, environment, today, progress, whileRunning });
  // A line of progress would stand among the questions.
  return decide === undefined ? withProgress(io, flags.quiet ?? false, plan) : plan(() => undefined);
}

/** What would be edited in the user's files. */
export function planForFiles(words: readonly string[], flags: FixFlags, io: Io): Promise<FixPlan> {
  return planFor(words, flags, io, undefined);
}

function mayWrite({ files, answer }: FixPlan): boolean {
  const isKept = answer.network === undefined || !answer.network.cut.some(({ isThere }) => isThere);
  return files.length > 0 && answer.proof.opened.length === 0 && isKept;
}

/** What the user wrote. */
interface Said {
  readonly words: readonly string[];
  readonly flags: FixFlags;
}

async function write(fix: FixPlan, { words, flags }: Said, io: Io): Promise<void> {
  const { writeFix } = await import('../../app/plans/write-fix.ts');
  const { stdin, environment, today } = io;
  const count = fix.answer.fixed.length;
  const making = {
    title: `Put ${count} finding${count === 1 ? '' : 's'} right`,
    command: commandText('fix --write', words, flags),
    version: io.version,
    now: io.now(),
  };
  const outside = { stdin, environment, today, progress: () => undefined };
  await writeFix(fix, { paths: splitWords(words).paths, making }, outside);
}

/** Exit status 1 where edits wait to be written, and where they would open what is closed now: then none is written. */
async function finishFix(plan: FixPlan, written: boolean, said: Said, io: Io): Promise<number> {
  const { flags } = said;
  if (written) await write(plan, said, io);
  await writeOutput(render(plan, written, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return plan.files.length === 0 || written ? 0 : 1;
}

async function talk(words: readonly string[], flags: FixFlags, io: Io, ask: Ask): Promise<number> {
  const { decideByAsking } = await import('./ask-about-fixes.ts');
  const plan = await planFor(
    words,
    flags,
    io,
    decideByAsking(ask, { ...lookOf(flags, io), style: io.errorStyle }, io.err),
  );
  const isWanted = mayWrite(plan) && (flags.write === true || /^y/i.test((await askToWrite(plan, ask)) ?? ''));
  return finishFix(plan, isWanted, { words, flags }, io);
}

async function askToWrite({ files, answer }: FixPlan, ask: Ask): Promise<string | undefined> {
  const { before, after } = answer.proof;
  return ask(
    `\nWrite ${files.length} ${files.length === 1 ? 'file' : 'files'}? Failing findings go from ${before} to ${after}. [y/N] `,
  );
}

export async function runFix(words: readonly string[], flags: FixFlags, io: Io): Promise<number> {
  const { checks, paths, closesNetwork } = splitWords(words);
  if (flags.context !== undefined && paths.length === 0) {
    const fileWord = [
      closesNetwork && networkWord,
      flags.interactive && '--interactive',
      flags.flows && '--flows',
    ].find((word) => typeof word === 'string');
    if (fileWord !== undefined)
      throw new UserError(
        'invalid-option',
        `${fileWord} is for files`,
        'Name a path; `nowwhat network policies --context NAME` prints policies for a cluster.',
      );
    const { runClusterFix } = await import('./plans/cluster-fix.ts');
    return await runClusterFix(checks, flags, io);
  }
  if (flags.interactive === true) {
    if (words.includes('-'))
      throw new UserError('invalid-option', 'standard input cannot hold the app and your answers', 'Name a path.');
    return io.converse((ask) => talk(words, flags, io, ask));
  }
  const plan = await planForFiles(words, flags, io);
  return finishFix(plan, flags.write === true && mayWrite(plan), { words, flags }, io);
}
