// `guard-rails`: the checks as admission policies, and what of today they would refuse.

import { type GuardRailsAnswer, makeGuardRails, renderGuardRails } from '../../app/security/guard-rails.ts';
import { parseWidth, repeatInputs, type SourceFlags, toNamedCluster, toOptionalReadWish } from '../flags.ts';
import { shellWord } from '../../model/index.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderGuardRailsPage } from '../reporters/guard-rails.ts';
import { writeOutput } from '../write-output.ts';

export interface GuardRailsFlags extends SourceFlags {
  readonly output: 'text' | 'yaml' | 'json';
  readonly enforce?: boolean;
  readonly in?: readonly string[];
  readonly check?: readonly string[];
  readonly skip?: readonly string[];
}

/** The command again, without what it says about output. */
function repeat(inputs: readonly string[], flags: GuardRailsFlags, io: Io): string {
  const list = (name: string, values: readonly string[] = []): string[] =>
    values.length === 0 ? [] : [name, shellWord(values.join(','))];
  const own = [...list('--in', flags.in), ...list('--check', flags.check), ...list('--skip', flags.skip)];
  return [io.program, 'guard-rails', repeatInputs(inputs, flags), ...own].filter((word) => word !== '').join(' ');
}

function render(answer: GuardRailsAnswer, inputs: readonly string[], flags: GuardRailsFlags, io: Io): string {
  if (flags.output === 'json') return `${JSON.stringify(answer, null, 2)}\n`;
  if (flags.output === 'yaml') return renderGuardRails(answer, toNamedCluster(flags));
  return renderGuardRailsPage(answer, {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
    command: repeat(inputs, flags, io),
    cluster: toNamedCluster(flags),
  });
}

/** What breaks a rail is told, and no reason for another exit status than 0: the policies are what was asked for. */
export async function runGuardRails(inputs: readonly string[], flags: GuardRailsFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = {
    ...toOptionalReadWish(inputs, flags),
    only: flags.check,
    skip: flags.skip,
    enforce: flags.enforce === true,
    railNamespaces: flags.in ?? [],
  };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    makeGuardRails(wish, { stdin, environment, today, progress }),
  );
  await writeOutput(render(answer, inputs, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
