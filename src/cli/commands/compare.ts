// `compare`: the same app in two places.

import { type CompareOutside, compareSides } from '../../app/compare/compare.ts';
import { renderJson } from '../../model/index.ts';
import { parseWidth, type PlacesFlags, toCompareWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderCompare } from '../reporters/compare.ts';
import { renderTrials } from '../reporters/rehearsal.ts';
import { writeOutput } from '../write-output.ts';
import { saysYes } from '../says-yes.ts';
import { commandText } from './plans/change-flags.ts';

export interface CompareFlags extends PlacesFlags {
  readonly output: 'text' | 'json';
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** Says what would be sent, and asks. */
function agreeing(flags: CompareFlags, io: Io): CompareOutside['agree'] {
  return async ({ trials }, target) => {
    if (flags.yes === true) return true;
    io.err(renderTrials(trials, target, { style: io.errorStyle, width: io.width }));
    return saysYes(io, 'Send them? [y/N] ');
  };
}

/** Exit status 1 where something has to be done, or the target refused something. */
export async function runCompare(flags: CompareFlags, io: Io): Promise<number> {
  const { from, to } = flags;
  const command = `${commandText('compare --prove', [], flags)} --from ${from} --to ${to}`;
  const wish = { ...toCompareWish(flags), making: { command, version: io.version } };
  const { stdin, environment, today } = io;
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    compareSides(wish, { stdin, environment, today, progress, agree: agreeing(flags, io) }),
  );
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), showAll: flags.all ?? false };
  const text = flags.output === 'json' ? `${renderJson(answer, 2)}\n` : renderCompare(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.steps.length === 0 && (answer.proof?.refused ?? []).length === 0 ? 0 : 1;
}
