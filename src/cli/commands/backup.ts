// `backup …`: what the user wrote, carried out and shown.

import {
  type BackupWish,
  checkBackup,
  type FileWish,
  findBackups,
  makeBackup,
  type PodCommands,
  readBackupFile,
  removeBackup,
  showBackup,
  showBackupLog,
} from '../../app/backups.ts';
import { parseGoDuration } from '../../kube/durations.ts';
import { type JsonObject, UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { VolumePlan } from '../../app/volumes.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderBackups, renderCreated, renderDescribed, renderVerification } from '../reporters/backup.ts';
import { renderVolumePlan } from '../reporters/volumes.ts';
import { renderCommands } from '../reporters/hooks.ts';
import { parseTruth, requireStore, toLabelSelector } from '../store-flags.ts';
import { visible } from '../style.ts';
import { toMovingWish, type VolumeFlags } from '../volume-flags.ts';
import { writeOutput } from '../write-output.ts';
import { saysYes } from '../says-yes.ts';

export interface StoreFlags {
  readonly store?: string;
  readonly output: 'text' | 'json';
  readonly width?: string;
  readonly yes?: boolean;
}

export interface VerifyFlags extends StoreFlags {
  readonly key?: string;
}

export interface CreateFlags extends SourceFlags, VolumeFlags, Pick<StoreFlags, 'store' | 'output' | 'yes'> {
  /** False for `--no-volumes`. */
  readonly volumes: boolean;
  readonly defaultVolumesToFsBackup?: boolean;
  readonly file?: string;
  readonly ttl?: string;
  readonly storageLocation?: string;
  readonly label?: readonly string[];
  readonly annotation?: readonly string[];
  readonly takeOver?: boolean;
  readonly sealTo?: readonly string[];
  readonly sign?: string;
  readonly hooks?: boolean;
  readonly dump?: readonly string[];
  readonly yes?: boolean;
  readonly includeNamespaces?: readonly string[];
  readonly excludeNamespaces?: readonly string[];
  readonly includeResources?: readonly string[];
  readonly excludeResources?: readonly string[];
  readonly includeClusterResources?: string;
  readonly includeClusterScopedResources?: readonly string[];
  readonly excludeClusterScopedResources?: readonly string[];
  readonly includeNamespaceScopedResources?: readonly string[];
  readonly excludeNamespaceScopedResources?: readonly string[];
  readonly selector?: string;
  readonly orSelector?: string;
  readonly orderedResources?: string;
}

const emptyFile: FileWish = { selection: {}, labels: {}, annotations: {} };

function invalid(what: string, advice: string): UserError {
  return new UserError('invalid-option', what, advice);
}

function pairs(list: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    list.map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw invalid(`"${each}" is not a key and a value`, 'Write KEY=VALUE.');
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}

function order(text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : pairs(text.split(';'));
}

/** Only what was given: a file's words stay where the line says nothing. */
function toSelection(flags: CreateFlags): JsonObject {
  const selection: Record<string, unknown> = {
    includedNamespaces: flags.includeNamespaces,
    excludedNamespaces: flags.excludeNamespaces,
    includedResources: flags.includeResources,
    excludedResources: flags.excludeResources,
    includeClusterResources: parseTruth('--include-cluster-resources', flags.includeClusterResources),
    includedClusterScopedResources: flags.includeClusterScopedResources,
    excludedClusterScopedResources: flags.excludeClusterScopedResources,
    includedNamespaceScopedResources: flags.includeNamespaceScopedResources,
    excludedNamespaceScopedResources: flags.excludeNamespaceScopedResources,
    labelSelector: flags.selector === undefined ? undefined : toLabelSelector(flags.selector),
    orLabelSelectors: flags.orSelector?.split(/\s+or\s+/).map(toLabelSelector),
    orderedResources: order(flags.orderedResources),
  };
  return Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== undefined)) as JsonObject;
}

function ttlOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0n) return Number(nanoseconds / 1_000_000n);
  throw invalid(`"${text}" is not a duration`, 'Write it as 720h or 30m.');
}

function lookOf(flags: { readonly width?: string | undefined }, io: Io) {
  return { style: io.style, width: parseWidth(flags.width, io.width), program: io.program };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function toWish(name: string | undefined, flags: CreateFlags, io: Io): Promise<BackupWish> {
  const file: FileWish = flags.file === undefined ? emptyFile : await readBackupFile(flags.file);
  return {
    cluster: toClusterOnlyWish(flags),
    store: requireStore(flags, io),
    name: name ?? file.name,
    selection: { ...file.selection, ...toSelection(flags) },
    labels: { ...file.labels, ...pairs(flags.label) },
    annotations: { ...file.annotations, ...pairs(flags.annotation) },
    ttl: ttlOf(flags.ttl) ?? file.ttl,
    storageLocation: flags.storageLocation ?? file.storageLocation ?? 'default',
    takeOver: flags.takeOver === true,
    sealTo: flags.sealTo,
    signWith: flags.sign,
    hooks: file.hooks,
    runHooks: flags.hooks === false ? 'skip' : flags.hooks === true || flags.yes === true ? 'run' : 'ask',
    volumes: whichVolumes(flags, file),
    moving: toMovingWish(flags, io),
    dumps: flags.dump ?? [],
    agreed: flags.yes === true,
  };
}

async function agreeToCommands(commands: PodCommands, io: Io): Promise<void> {
  io.err(renderCommands(commands, { style: io.errorStyle, width: io.width, program: io.program }));
  if (!(await saysYes(io, 'Run these commands in the pods? [y/N] ')))
    throw new UserError(
      'not-agreed',
      'nothing was saved: nobody agreed to the commands in pods',
      commands.hooks.length === 0
        ? 'Agree with --yes.'
        : 'Agree with --hooks or --yes, or save without running hooks with --no-hooks.',
    );
}

function whichVolumes(
  { volumes, defaultVolumesToFsBackup }: CreateFlags,
  { allVolumes }: FileWish,
): BackupWish['volumes'] {
  if (!volumes) return 'none';
  return (defaultVolumesToFsBackup ?? allVolumes) === true ? 'all' : 'named';
}

async function agree(plan: VolumePlan, { yes }: CreateFlags, io: Io): Promise<void> {
  if (yes === true) return;
  io.err(renderVolumePlan(plan, 'save', { style: io.errorStyle, width: io.width }));
  if (!(await saysYes(io, 'Make these pods, save, and remove them? [y/N] ')))
    throw new UserError(
      'not-agreed',
      'nothing was saved',
      'Agree with --yes where nobody can be asked, or save the objects alone with --no-volumes.',
    );
}

/** Exit status 1 where the backup is there and something that it should hold is not in it. */
export async function runCreate(name: string | undefined, flags: CreateFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = await toWish(name, flags, io);
  const { version } = io;
  let tidy = async (): Promise<void> => undefined;
  const made = await io.whileRunning(
    () => tidy(),
    () =>
      withProgress(io, flags.quiet ?? false, (progress) =>
        makeBackup(
          wish,
          { stdin, environment, today, progress },
          {
            tool: `nowwhat ${version}`,
            now: Date.now,
            agreeToCommands: (commands) => {
              progress('');
              return agreeToCommands(commands, io);
            },
            agree: (plan) => {
              progress('');
              return agree(plan, flags, io);
            },
            onTidy: (end) => {
              const earlier = tidy;
              tidy = async () => void (await Promise.allSettled([earlier(), end()]));
            },
          },
        ),
      ),
  );
  const text =
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/backup/v1', ...made })
      : renderCreated(made, wish.store, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return made.phase === 'Completed' ? 0 : 1;
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

export async function runDelete(name: string, flags: StoreFlags, io: Io): Promise<number> {
  const place = requireStore(flags, io);
  if (flags.yes !== true) {
    if (
      !(await saysYes(io, `Delete the backup ${visible(name)} in ${visible(place)}? It cannot be brought back. [y/N] `))
    )
      throw new UserError('not-agreed', 'nothing was deleted', 'Agree with --yes where nobody can be asked.');
  }
  const keys = await removeBackup(place, name);
  io.out(
    flags.output === 'json'
      ? json({ schema: 'nowwhat.dev/deleted/v1', name, keys })
      : `  deleted ${visible(name)}: ${keys} keys\n`,
  );
  return 0;
}
