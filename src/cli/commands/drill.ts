// `drill`: shows which copies it would make, makes and compares them where somebody agrees, and tells what that proves.

import { type DrillOrder, type DrillPreview, makeDrill } from '../../app/drills/drills.ts';
import type { BackupChoice } from '../../app/restores/restore-inputs.ts';
import { renderJson } from '../../model/index.ts';
import { gatherPassing } from '../../app/passing.ts';
import type { OpeningFlags } from '../arrival-flags.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toMilliseconds } from '../flags.ts';
import { invalidOption } from '../invalid-option.ts';
import type { Io } from '../io.ts';
import { writingConcurrency } from '../options.ts';
import { quietly, withProgress } from '../progress.ts';
import { renderDrill, renderDrillPreview } from '../reporters/drill.ts';
import { requireStore } from '../store-flags.ts';
import { toMovingWish, type VolumeFlags } from '../volume-flags.ts';
import { tellOtherRun } from './scheduled-backup.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';

export interface DrillFlags extends SourceFlags, VolumeFlags, OpeningFlags {
  /** False for `--no-restore-volumes`. */
  readonly restoreVolumes?: boolean;
  readonly fromBackup?: string;
  readonly fromSchedule?: string;
  readonly into?: readonly string[];
  /** The schedule of drills that this is a run of. */
  readonly schedule?: string;
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

function toChoice({ fromBackup, fromSchedule }: DrillFlags): BackupChoice {
  if (fromBackup !== undefined && fromSchedule === undefined) return { name: fromBackup };
  if (fromSchedule !== undefined && fromBackup === undefined)
    return { schedule: fromSchedule, allowPartiallyFailed: false };
  throw invalidOption(
    fromBackup === undefined ? 'no backup is named' : 'a backup is named in one way, not in two',
    'Name it with --from-backup, or a schedule with --from-schedule.',
  );
}

function toFences({ into, includeNamespaces }: DrillFlags): ReadonlyMap<string, string> | undefined {
  if (into === undefined) return undefined;
  if (includeNamespaces !== undefined)
    throw invalidOption('--into says which namespaces', 'Leave out --include-namespaces.');
  const pairs = into.map((pair) => pair.split(':'));
  const wrong = pairs.find((pair) => pair.length !== 2 || pair.includes(''));
  if (wrong !== undefined)
    throw invalidOption(`--into is not understood: "${wrong.join(':')}"`, 'Write it as FROM:TO.');
  return new Map(pairs.map(([from = '', to = '']) => [from, to]));
}

/** What somebody does who wants to see it again. */
function commandOf(paths: readonly string[], flags: DrillFlags, store: string): string {
  const { context = '.', fromBackup, fromSchedule, schedule, probes } = flags;
  if (schedule !== undefined) return `nowwhat schedule run ${schedule}`;
  const what = fromBackup === undefined ? ['--from-schedule', fromSchedule ?? ''] : ['--from-backup', fromBackup];
  const words = ['nowwhat', 'drill', ...what, '--context', context, '--store', store];
  return [...words, ...(probes === undefined ? [] : ['--probes', probes]), ...paths].join(' ');
}

function toOrder(paths: readonly string[], flags: DrillFlags, io: Io): DrillOrder {
  const cluster = toClusterOnlyWish({ ...flags, concurrency: flags.concurrency ?? String(writingConcurrency) });
  return {
    cluster,
    store: requireStore(flags, io),
    backup: toChoice(flags),
    fences: toFences(flags),
    identity: flags.identity,
    key: flags.key,
    namespaces: flags.includeNamespaces ?? cluster.namespaces,
    readyWithin: toMilliseconds(flags.readyWithin, 1),
    probes: flags.probes,
    paths,
    ...movingOf(flags, io),
  };
}

/** Exit status 1 where the backup did not come back as it was; of a schedule also where nobody will know that it did. */
export async function runDrillCommand(paths: readonly string[], flags: DrillFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const order = toOrder(paths, flags, io);
  const other = await tellOtherRun(flags, io);
  if (other !== undefined) {
    io.out(other);
    return 0;
  }
  const making = { command: commandOf(paths, flags, order.store), version: io.version };
  const passing = gatherPassing();
  const { report, left, proof, inStore } = await io.whileRunning(passing, () =>
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
  const json = { schema: 'nowwhat.dev/drill/v1', ...report, left, proof: proof?.id, inStore };
  const text =
    flags.output === 'json'
      ? `${renderJson(json, 2)}\n`
      : renderDrill(report, { left, proof: proof?.id, inStore }, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return report.holds && (inStore || flags.schedule === undefined) ? 0 : 1;
}
