// `pod-security`: how strictly each namespace can be judged, what stands in the way, and the labels that lead there.

import {
  findPodSecurity,
  type LabelTrial,
  type PodSecurityAnswer,
  renderLabels,
  type StandingLevel,
} from '../../app/security/pod-security.ts';
import { rankOf } from '../../isolation/index.ts';
import { parseWidth, repeatInputs, type SourceFlags, toNamedCluster, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderPodSecurity } from '../reporters/pod-security.ts';
import { visible } from '../style.ts';
import { writeOutput } from '../write-output.ts';
import { saysYes } from '../says-yes.ts';

export interface PodSecurityFlags extends SourceFlags {
  readonly output: 'text' | 'json' | 'yaml';
  readonly enforce?: boolean;
  readonly prove?: boolean;
  readonly yes?: boolean;
  readonly require?: StandingLevel;
}

function agreeing(
  flags: PodSecurityFlags,
  io: Io,
): (trials: readonly LabelTrial[], context: string) => Promise<boolean> {
  return async (trials, context) => {
    if (flags.yes === true) return true;
    const rows = trials.map(
      ({ namespace, level, version }) => `  namespace ${namespace}: enforce ${level}, ${version}\n`,
    );
    io.err(
      visible(`As dry runs to ${context}, which stores nothing:`) +
        `\n${rows.map((row) => visible(row.trimEnd())).join('\n')}\n`,
    );
    return saysYes(io, 'Send them? [y/N] ');
  };
}

/** The server and our reading of the pods do not agree. */
function isContradicted({ tried = [] }: PodSecurityAnswer): boolean {
  return tried.some(({ answer, expected }) => answer !== 'refused' && answer !== expected);
}

/** Exit status 1 where a namespace does not hold the level that is required, may not (what was not seen), or where the cluster contradicts. */
export async function runPodSecurity(inputs: readonly string[], flags: PodSecurityFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const command = `${io.program} pod-security ${repeatInputs(inputs, flags)}${flags.prove === true ? ' --prove' : ''}`;
  const told = { command, version: io.version };
  const wish = { ...toReadWish(inputs, flags), prove: flags.prove === true, told };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    findPodSecurity(wish, { stdin, environment, today, progress, agree: agreeing(flags, io) }),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
    cluster: toNamedCluster(flags),
  };
  const text =
    flags.output === 'json'
      ? `${JSON.stringify(answer, null, 2)}\n`
      : flags.output === 'yaml'
        ? renderLabels(answer, flags.enforce === true)
        : renderPodSecurity(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  const required = rankOf(flags.require);
  const fails = answer.namespaces.some(
    ({ holds, unseen }) => required > 0 && (rankOf(holds) < required || unseen.length > 0),
  );
  return fails || isContradicted(answer) ? 1 : 0;
}
