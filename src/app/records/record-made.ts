// Records of commands that look at a cluster, where the user keeps records.

import type { ProofInput, Snapshot } from '../../model/index.ts';
import type { Proof } from '../../model/index.ts';
import { timeOf } from '../plans/apply-plan.ts';
import type { Outside } from '../outside.ts';
import { inputsOfCluster, inputsOfPaths } from './proof-inputs.ts';
import { recordProof, type StoredProof } from './proofs.ts';
import { findRecordRoot, keepsRecords } from './record-folder.ts';

/** How long what a cluster has shown is believed, where nothing that was hashed tells of a change: as long as reports of scanners. */
const believedDays = 30;

/** The last day of it, both as ISO dates. */
export function believedUntil(today: string): string {
  return new Date(Date.parse(today) + believedDays * 86_400_000).toISOString().slice(0, 10);
}

/** The command that makes a proof, and the program. */
export interface ProofMaking {
  readonly command: string;
  readonly version: string;
}

/** What a command has found out. */
export interface Found
  extends Pick<Proof, 'kind' | 'claim' | 'result' | 'figures' | 'settles' | 'until' | 'negativeControl'> {
  /** Paths that it is about: the record lies above the first. */
  readonly paths: readonly string[];
  /** Other files that it rests on, wherever they lie; `-` is none. */
  readonly beside?: readonly string[];
  /** Clusters that it is about. */
  readonly clusters: readonly Snapshot[];
  /** More that it rests on. */
  readonly inputs?: readonly ProofInput[];
}

/** What was found out, as it is kept; of what it rests on, only what is given. */
export function toProof(
  found: Omit<Found, 'paths' | 'beside' | 'clusters'>,
  { command, version }: ProofMaking,
  outside: Outside,
): Proof {
  const { inputs = [], ...rest } = found;
  return { schema: 'nowwhat.dev/proof/v1', ...rest, command, version, time: timeOf(outside.clock), inputs };
}

/** Nothing where no records are kept: a command that only looks makes no folder. */
export async function recordFound(
  { paths, beside = [], clusters, inputs = [], ...found }: Found,
  making: ProofMaking,
  outside: Outside,
): Promise<StoredProof | undefined> {
  const root = await findRecordRoot(paths[0] ?? '.');
  if (!keepsRecords(root)) return undefined;
  const all = [...(await inputsOfPaths(root, [...paths, ...beside])), ...clusters.flatMap(inputsOfCluster), ...inputs];
  return await recordProof(root, toProof({ ...found, inputs: all }, making, outside));
}
