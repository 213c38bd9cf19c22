// `drill`: shows which copies it would make, makes and compares them where somebody agrees, and tells what that proves.

import { type DrillOrder, type DrillPreview, makeDrill } from '../../app/drills.ts';
import { gatherPassing } from '../../app/passing.ts';
import type { OpeningFlags } from '../arrival-flags.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toMilliseconds } from '../flags.ts';
import type { Io } from '../io.ts';
import { writingConcurrency } from '../options.ts';
import { quietly, withProgress } from '../progress.ts';
import { renderDrill, renderDrillPreview } from '../reporters/drill.ts';
import { requireStore } from '../store-flags.ts';
import { toMovingWish, type VolumeFlags } from '../volume-flags.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';

export interface DrillFlags extends SourceFlags, VolumeFlags, OpeningFlags {
  /** False for `--no-restore-volumes`. */
  readonly restoreVolumes?: boolean;
  readonly fromBackup: string;
  readonly store?: string;
  readonly probes?: string;
  readonly includeNamespaces?: readonly string[];
  readonly readyWithin: string;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

const asked = {
  question: 'Make these copies, compare and remove them?',
  refusal: 'nothing was restored',
  advice: 'Agree with --yes where nobody can be asked.',
};

function agree(preview: DrillPreview, { yes }: DrillFlags, io: Io): Promise<void> {
  return requireAgreement(asked, renderDrillPreview(preview, { style: io.errorStyle, width: io.width }), yes, io);
}

function movingOf(flags: DrillFlags, io: Io): Pick<DrillOrder, 'moving'> {
  return flags.restoreVolumes === false ? {} : { moving: toMovingWish(flags, io) };
}

function commandOf(paths: readonly string[], flags: DrillFlags, store: string): string {
  const { context = '.', fromBackup, probes } = flags;
  const words = ['nowwhat', 'drill', '--from-backup', fromBackup, '--context', context, '--store', store];
  return [...words, ...(probes === undefined ? [] : ['--probes', probes]), ...paths].join(' ');
}

/** Exit status 1 where the backup did not come back as it was. */
export async function runDrillCommand(paths: readonly string[], flags: DrillFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const cluster = toClusterOnlyWish({ ...flags, concurrency: flags.concurrency ?? String(writingConcurrency) });
  const store = requireStore(flags, io);
  const namespaces = flags.includeNamespaces ?? cluster.namespaces;
  const readyWithin = toMilliseconds(flags.readyWithin, 1);
  const order: DrillOrder = {
    cluster,
    store,
    backup: flags.fromBackup,
    identity: flags.identity,
    key: flags.key,
    namespaces,
    readyWithin,
    probes: flags.probes,
    paths,
    ...movingOf(flags, io),
  };
  const making = { command: commandOf(paths, flags, store), version: io.version };
  const passing = gatherPassing();
  const { report, left, proof } = await io.whileRunning(passing, () =>
    withProgress(io, flags.quiet ?? false, (progress) =>
      makeDrill(
        order,
        { stdin, environment, today, progress },
        {
          now: Date.now,
          making,
          remember: passing.remember,
          agree: quietly(progress, (preview) => agree(preview, flags, io)),
        },
      ),
    ),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const json = { schema: 'nowwhat.dev/drill/v1', ...report, left, proof: proof?.id };
  const text =
    flags.output === 'json'
      ? `${JSON.stringify(json, null, 2)}\n`
      : renderDrill(report, { left, proof: proof?.id }, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return report.holds ? 0 : 1;
}
