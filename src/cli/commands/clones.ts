// `clone get`, `clone delete` and `clone expire`: which copies there are, and removing them.

import { findClones, removeClones } from '../../app/clones/clones.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { quietly, withProgress } from '../progress.ts';
import { renderClones, renderRemoved } from '../reporters/clone.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';

export interface ClonesFlags extends SourceFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly output: 'text' | 'json';
}

function styleOf(flags: ClonesFlags, io: Io) {
  return flags.outputFile === undefined ? io.style : io.fileStyle;
}

export async function runGetClones(flags: ClonesFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const cluster = toClusterOnlyWish(flags);
  const clones = await withProgress(io, flags.quiet ?? false, (progress) =>
    findClones(cluster, { stdin, environment, today, progress }),
  );
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/clones/v1', clones }, null, 2)}\n`
      : renderClones(clones, Date.parse(io.now()), { style: styleOf(flags, io) });
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}

const asked = {
  question: 'Remove?',
  refusal: 'nothing was removed',
  advice: 'Agree with --yes where nobody can be asked.',
};

function agree(names: readonly string[], { yes }: ClonesFlags, io: Io): Promise<void> {
  return requireAgreement(asked, `  To be removed, with all that is in them: ${names.join(', ')}\n`, yes, io);
}

/** Exit status 1 where a copy was kept because it holds what others made. */
export async function runRemoveClones(
  names: readonly string[] | 'expired',
  flags: ClonesFlags,
  io: Io,
): Promise<number> {
  const { stdin, environment, today } = io;
  const order = { cluster: toClusterOnlyWish(flags), names, force: flags.force === true };
  const removed = await withProgress(io, flags.quiet ?? false, (progress) =>
    removeClones(
      order,
      { stdin, environment, today, progress },
      {
        now: () => Date.parse(io.now()),
        agree: quietly(progress, (clones) =>
          agree(
            clones.map(({ name }) => name),
            flags,
            io,
          ),
        ),
      },
    ),
  );
  const look = { style: styleOf(flags, io), width: parseWidth(flags.width, io.width) };
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/removed-clones/v1', clones: removed }, null, 2)}\n`
      : renderRemoved(removed, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return removed.some(({ result }) => result === 'kept') ? 1 : 0;
}
