// `proofs`: the proofs that were recorded, each fresh or stale.

import { listProofs } from '../../app/records/list-proofs.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderProofs } from '../reporters/proofs.ts';
import { writeOutput } from '../write-output.ts';

export interface ProofsFlags extends SourceFlags {
  readonly store?: string;
  readonly output: 'text' | 'json';
}

/** Exit status 1 where a proof is stale, fails, or cannot be understood. */
export async function runProofs(path: string, flags: ProofsFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const cluster = flags.context === undefined ? undefined : toReadWish([], flags);
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    listProofs({ path, cluster, store: flags.store }, { stdin, environment, today, progress }),
  );
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const look = { style, width: parseWidth(flags.width, io.width), program: io.program, cluster: {} };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderProofs(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  const isBad = answer.proofs.some(({ proof, freshness }) => proof.result === 'fails' || freshness.state === 'stale');
  return isBad || answer.damaged.length > 0 ? 1 : 0;
}
