// `fix`: edits of the user's own files that put findings right; shown first, written where the user says so.

import { applyFix, type FixPlan, planFix } from '../../app/fix.ts';
import { builtInChecks } from '../../checks/index.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderFix } from '../reporters/fix.ts';
import { writeOutput } from '../write-output.ts';
import type { ChangeFlags } from './plans/change-flags.ts';

export interface FixFlags extends ChangeFlags {
  readonly output: 'text' | 'json' | 'diff';
  readonly write?: boolean;
  readonly takeOver?: readonly string[];
}

/** Checks come first or last or between: a word that is a check's name is meant as one. */
export function splitWords(words: readonly string[]): { checks: string[]; paths: string[] } {
  const ids = new Set(builtInChecks.map(({ meta }) => meta.id));
  return { checks: words.filter((word) => ids.has(word)), paths: words.filter((word) => !ids.has(word)) };
}

function render({ answer }: FixPlan, written: boolean, flags: FixFlags, io: Io): string {
  if (flags.output === 'json') return `${JSON.stringify({ ...answer, written }, null, 2)}\n`;
  if (flags.output === 'diff') return answer.files.map(({ diff }) => diff).join('');
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return renderFix(answer, written, { style, width: parseWidth(flags.width, io.width), program: io.program });
}

/** What would be edited in the user's files. */
export async function planForFiles(words: readonly string[], flags: FixFlags, io: Io): Promise<FixPlan> {
  const { checks, paths } = splitWords(words);
  if (paths.length === 0)
    throw new UserError('invalid-option', 'no path was named', `Write ${io.program} fix ${checks.join(' ')} PATH.`);
  const { stdin, environment, today } = io;
  const wish = { ...toReadWish(paths, flags), only: checks.length === 0 ? undefined : checks };
  return await withProgress(io, flags.quiet ?? false, (progress) =>
    planFix(wish, { stdin, environment, today, progress }),
  );
}

/** Exit status 1 where edits wait to be written, and where they would open what is closed now: then none is written. */
export async function runFix(words: readonly string[], flags: FixFlags, io: Io): Promise<number> {
  const { checks, paths } = splitWords(words);
  if (flags.context !== undefined && paths.length === 0) {
    const { runClusterFix } = await import('./plans/cluster-fix.ts');
    return await runClusterFix(checks, flags, io);
  }
  const plan = await planForFiles(words, flags, io);
  const { files, opened } = { files: plan.files, opened: plan.answer.proof.opened };
  const written = flags.write === true && files.length > 0 && opened.length === 0;
  if (written) await applyFix(plan);
  await writeOutput(render(plan, written, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return files.length === 0 || written ? 0 : 1;
}
