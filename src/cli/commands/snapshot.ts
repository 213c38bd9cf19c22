// `snapshot`: what a cluster holds, saved for somebody who has no access to it.

import { readClusterSnapshot } from '../../app/cluster/open-cluster.ts';
import { snapshotLines } from '../../sources/index.ts';
import { UserError } from '../../model/index.ts';
import { type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { writeOutput } from '../write-output.ts';

export async function runSnapshot(flags: SourceFlags, io: Io): Promise<number> {
  const wish = flags.context === undefined ? undefined : toReadWish([], flags);
  if (wish?.cluster === undefined)
    throw new UserError('invalid-option', 'no cluster was named', 'Name one with --context; `.` is the current one.');
  const { cluster, minor } = wish;
  const { stdin, environment, today } = io;
  const { snapshot, notices } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readClusterSnapshot(cluster, minor, { stdin, environment, today, progress }),
  );
  for (const notice of notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  await writeOutput(snapshotLines(snapshot, today), { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
