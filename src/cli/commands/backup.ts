// `backup …`: what the user wrote, carried out and shown.

import { type FileWish, readBackupFile } from '../../app/backups/backup-file.ts';
import { type BackupWish } from '../../app/backups/backup-wish.ts';
import { makeBackup } from '../../app/backups/backups.ts';
import { checkBackup, findBackups, showBackup, showBackupLog } from '../../app/backups/find-backups.ts';
import { type PodCommands } from '../../app/backups/pod-commands.ts';
import { type CreatedBackup, rightsToAsk } from '../../backup/index.ts';
import { gatherPassing } from '../../app/passing.ts';
import type { DataPlan } from '../../app/backups/backup-volumes.ts';
import { type DatabaseFlags, toHolds } from '../database-flags.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { quietly, withProgress } from '../progress.ts';
import { type PolicyFlags, toPolicySource } from '../policy-flags.ts';
import { renderBackups, renderCreated, renderVerification } from '../reporters/backup.ts';
import { renderDescribed } from '../reporters/described-backup.ts';
import { renderNotPruned, renderPruned } from '../reporters/prune.ts';
import { questionOf, renderDataPlan } from '../reporters/volumes.ts';
import { renderCommands } from '../reporters/hooks.ts';
import { type SelectionFlags, toLifetime, toPairs, toSelection } from '../selection-flags.ts';
import { type SnapshotFlags, toSnapshotWish } from '../snapshot-flags.ts';
import { requireStore } from '../store-flags.ts';
import { visible } from '../style.ts';
import { toMovingWish, type VolumeFlags } from '../volume-flags.ts';
import { writeOutput } from '../write-output.ts';
import { requireAgreement } from './plans/agree.ts';
import { asScheduled, pruneAfter, type PrunedAfter, type ScheduledFlags, tellOtherRun } from './scheduled-backup.ts';

export interface StoreFlags {
  readonly store?: string;
  readonly output: 'text' | 'json';
  readonly width?: string;
  readonly yes?: boolean;
}

export interface VerifyFlags extends StoreFlags {
  readonly key?: string;
}

export interface CreateFlags
  extends SourceFlags,
    DatabaseFlags,
    SelectionFlags,
    VolumeFlags,
    PolicyFlags,
    SnapshotFlags,
    ScheduledFlags,
    Pick<StoreFlags, 'store' | 'output' | 'yes'> {
  /** False for `--no-volumes`. */
  readonly volumes: boolean;
  readonly defaultVolumesToFsBackup?: boolean;
  readonly dryRun?: boolean;
  readonly file?: string;
  readonly ttl?: string;
  readonly storageLocation?: string;
  readonly label?: readonly string[];
  readonly annotation?: readonly string[];
  readonly takeOver?: boolean;
  readonly sealTo?: readonly string[];
  readonly sign?: string;
  readonly hooks?: boolean;
  readonly yes?: boolean;
}

const emptyFile: FileWish = { selection: {}, labels: {}, annotations: {} };

function lookOf(flags: { readonly width?: string | undefined }, io: Io) {
  return { style: io.style, width: parseWidth(flags.width, io.width), program: io.program };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function toWish(name: string | undefined, flags: CreateFlags, io: Io): Promise<BackupWish> {
  const file: FileWish = flags.file === undefined ? emptyFile : await readBackupFile(flags.file);
  const scheduled = asScheduled(name, flags, io);
  return {
    cluster: toClusterOnlyWish(flags),
    store: flags.dryRun === true ? '' : requireStore(flags, io),
    name: scheduled.name ?? name ?? file.name,
    selection: { ...file.selection, ...toSelection(flags) },
    labels: { ...file.labels, ...toPairs(flags.label), ...scheduled.labels },
    annotations: { ...file.annotations, ...toPairs(flags.annotation) },
    ttl: toLifetime(flags.ttl) ?? file.ttl,
    storageLocation: flags.storageLocation ?? file.storageLocation ?? 'default',
    takeOver: flags.takeOver === true,
    sealTo: flags.sealTo,
    signWith: flags.sign,
    hooks: file.hooks,
    runHooks: whichHooks(flags),
    volumes: whichVolumes(flags, file),
    policies: toPolicySource(flags, file.policies),
    ...toSnapshotWish(flags, file),
    moving: toMovingWish(flags, io),
    dumps: flags.dump ?? [],
    holds: toHolds(flags),
    agreed: flags.yes === true,
  };
}

function whichHooks({ hooks, yes }: Pick<CreateFlags, 'hooks' | 'yes'>): BackupWish['runHooks'] {
  if (hooks === false) return 'skip';
  return hooks === true || yes === true ? 'run' : 'ask';
}

function agreeToCommands(commands: PodCommands, { yes }: CreateFlags, io: Io): Promise<void> {
  const advice =
    commands.hooks.length === 0
      ? 'Agree with --yes.'
      : 'Agree with --hooks or --yes, or save without running hooks with --no-hooks.';
  const asked = { question: 'Run these commands in the pods?', refusal: 'nothing was saved', advice, alone: advice };
  const shown = renderCommands(commands, { style: io.errorStyle, width: io.width, program: io.program });
  return requireAgreement(asked, shown, yes, io);
}

function whichVolumes(
  { volumes, defaultVolumesToFsBackup }: CreateFlags,
  { allVolumes }: FileWish,
): BackupWish['volumes'] {
  if (!volumes) return 'none';
  return (defaultVolumesToFsBackup ?? allVolumes) === true ? 'all' : 'named';
}

function agree(plan: DataPlan, { yes }: CreateFlags, io: Io): Promise<void> {
  const advice = 'Agree with --yes where nobody can be asked, or save the objects alone with --no-volumes.';
  const asked = { question: questionOf(plan), refusal: 'nothing was saved', advice, alone: advice };
  return requireAgreement(asked, renderDataPlan(plan, { style: io.errorStyle, width: io.width }), yes, io);
}

/** How somebody names the same cluster again. */
function clusterWords({ context = '.', kubeconfig }: CreateFlags): string[] {
  return ['--context', context, ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig])];
}

function createdText(made: CreatedBackup, after: PrunedAfter | undefined, flags: CreateFlags, io: Io): string {
  const tidied = after === undefined ? {} : { tidied: after };
  if (flags.output === 'json') {
    const rights = rightsToAsk(made.problems);
    return json({ schema: 'nowwhat.dev/backup/v1', ...made, rightsToAsk: rights, ...tidied });
  }
  const look = lookOf(flags, io);
  const { pruned, failure } = after ?? { pruned: [] };
  return [
    renderCreated(made, { store: requireStore(flags, io), cluster: clusterWords(flags) }, look),
    after === undefined ? '' : renderPruned(pruned, look),
    failure === undefined ? '' : renderNotPruned(failure, look),
  ].join('');
}

/** Exit status 1 where the backup is there and something that it should hold is not in it, or older ones could not be tidied. */
export async function runCreate(name: string | undefined, flags: CreateFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = await toWish(name, flags, io);
  if (flags.dryRun === true) return await (await import('./plan-backup.ts')).runPlanBackup(wish, flags, io);
  const other = await tellOtherRun(flags, io);
  if (other !== undefined) {
    io.out(other);
    return 0;
  }
  const { version } = io;
  const passing = gatherPassing();
  const made = await io.whileRunning(passing, () =>
    withProgress(io, flags.quiet ?? false, (progress) =>
      makeBackup(
        wish,
        { stdin, environment, today, progress },
        {
          tool: `nowwhat ${version}`,
          now: Date.now,
          agreeToCommands: quietly(progress, (commands) => agreeToCommands(commands, flags, io)),
          agree: quietly(progress, (plan) => agree(plan, flags, io)),
          onTidy: (remove) => passing.remember({ remove, byHand: () => [] }),
          remember: passing.remember,
        },
      ),
    ),
  );
  const after = made.phase === 'Completed' ? await pruneAfter(flags, wish.store, io) : undefined;
  await writeOutput(createdText(made, after, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  return made.phase === 'Completed' && after?.failure === undefined ? 0 : 1;
}

export async function runGet(flags: StoreFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  const backups = await withProgress(io, false, () => findBackups(place));
  io.out(
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/backups/v1', backups })
      : renderBackups(backups, place, lookOf(flags, io)),
  );
  return 0;
}

export async function runDescribe(name: string, flags: StoreFlags, io: Io): Promise<number> {
  const described = await showBackup(requireStore(flags, io), name);
  io.out(
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/backup/v1', ...described })
      : renderDescribed(described, lookOf(flags, io)),
  );
  return 0;
}

export async function runLogs(name: string, flags: StoreFlags, io: Io): Promise<number> {
  const log = await showBackupLog(requireStore(flags, io), name);
  io.out(log.split('\n').map(visible).join('\n'));
  return 0;
}

/** Exit status 1 where something is not as it was written. */
export async function runVerify(name: string, flags: VerifyFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  const verification = await withProgress(io, false, (say) => {
    say(`reading ${name}`);
    return checkBackup(place, name, flags.key);
  });
  io.out(
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/verification/v1', ...verification })
      : renderVerification(verification, lookOf(flags, io)),
  );
  return verification.flaws.length === 0 ? 0 : 1;
}
