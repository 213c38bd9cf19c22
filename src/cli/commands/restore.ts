// `restore create`: shows what will be restored where, restores it where somebody agrees, and tells what happened.

import { type RestoreOrder, type RestorePreview } from '../../app/restores/restore-order.ts';
import { makeRestore } from '../../app/restores/restores.ts';
import { veleroNamespace } from '../../app/backups/config-map-text.ts';
import { type BackupChoice, type ModifierSource, readRestoreFile } from '../../app/restores/restore-inputs.ts';
import { renderJson } from '../../model/index.ts';
import { pairs, toMappings, toTrying } from '../arrival-flags.ts';
import { parseWidth, toClusterOnlyWish } from '../flags.ts';
import { invalidOption } from '../invalid-option.ts';
import type { Io } from '../io.ts';
import { writingConcurrency } from '../options.ts';
import { toPolicySource } from '../policy-flags.ts';
import { quietly } from '../progress.ts';
import { runTidily } from '../run-tidily.ts';
import { renderPreview, renderRestore } from '../reporters/restore.ts';
import { type RestoreFlags, selectorsOf, withFile } from '../restore-flags.ts';
import { parseTruth, requireStore } from '../store-flags.ts';
import { toMovingWish } from '../volume-flags.ts';
import { requireAgreement } from './plans/agree.ts';
import { writeOutput } from '../write-output.ts';

/** Exactly one place to restore from. */
function toChoice({ fromBackup, fromSchedule, allowPartiallyFailed }: RestoreFlags): BackupChoice {
  if (fromBackup !== undefined && fromSchedule !== undefined)
    throw invalidOption('a backup and a schedule were named', 'Name one of --from-backup and --from-schedule.');
  if (fromBackup !== undefined) return { name: fromBackup };
  if (fromSchedule !== undefined)
    return { schedule: fromSchedule, allowPartiallyFailed: allowPartiallyFailed === true };
  throw invalidOption(
    'no backup was named',
    'Name one with --from-backup, or the newest of a schedule with --from-schedule.',
  );
}

function toModifiers({ resourceModifiers, resourceModifierConfigmap }: RestoreFlags): ModifierSource | undefined {
  if (resourceModifiers !== undefined && resourceModifierConfigmap !== undefined)
    throw invalidOption('resource modifiers were given twice', 'Give a file or a ConfigMap.');
  if (resourceModifiers !== undefined) return { file: resourceModifiers };
  return resourceModifierConfigmap === undefined ? undefined : { configMap: resourceModifierConfigmap };
}

function toSelection(flags: RestoreFlags, namespaces: readonly string[]): RestoreOrder['selection'] {
  const includeClusterResources = parseTruth('--include-cluster-resources', flags.includeClusterResources);
  return {
    includedNamespaces: flags.includeNamespaces ?? namespaces,
    excludedNamespaces: flags.excludeNamespaces ?? [],
    includedResources: flags.includeResources ?? [],
    excludedResources: flags.excludeResources ?? [],
    ...(includeClusterResources === undefined ? {} : { includeClusterResources }),
  };
}

/** How objects change on their way. */
function toChanges(flags: RestoreFlags) {
  const { namespaceMappings, pluginConfigmaps } = flags;
  return {
    namespaceMappings: new Map(pairs(namespaceMappings)),
    ...toMappings(flags),
    statusResources: flags.statusIncludeResources ?? [],
    statusExcluded: flags.statusExcludeResources ?? [],
    modifiers: toModifiers(flags),
    policies: toPolicySource(flags),
    pluginMaps: pluginConfigmaps === true ? veleroNamespace : pluginConfigmaps,
  };
}

function toChoices(flags: RestoreFlags, io: Io) {
  const { existingResourcePolicy = 'none', preserveNodeports, prune, restoreVolumes, hostPaths } = flags;
  return {
    ...(restoreVolumes === false ? {} : { moving: toMovingWish(flags, io) }),
    hostPaths: hostPaths === true,
    existing: existingResourcePolicy,
    preserveNodePorts: preserveNodeports === true,
    prune: prune === true,
    ...toTrying(flags),
  };
}

/** A word with a slash is an object; one without is the name of this restore. */
function parseWords(words: readonly string[]): { readonly name?: string; readonly objects: readonly string[] } {
  const [name, ...more] = words.filter((word) => !word.includes('/'));
  if (more.length > 0)
    throw invalidOption(`"${more[0]}" is no object, and "${name}" names the restore`, 'Name objects as KIND/NAME.');
  return { ...(name === undefined ? {} : { name }), objects: words.filter((word) => word.includes('/')) };
}

/** What goes by all objects of a backup, and says nothing of single ones. */
const ofWholeBackups = {
  prune: '--prune',
  selector: '--selector',
  orSelector: '--or-selector',
  includeResources: '--include-resources',
  excludeResources: '--exclude-resources',
  resourcePolicies: '--resource-policies',
  resourcePoliciesConfigmap: '--resource-policies-configmap',
} as const;

function toObjects(words: readonly string[], flags: RestoreFlags): Pick<RestoreOrder, 'objects'> {
  const withRelated = flags.withRelated === true;
  if (words.length === 0) {
    if (withRelated) throw invalidOption('--with-related stands without objects', 'Name some: configmap/settings.');
    return {};
  }
  const names = Object.entries(ofWholeBackups).filter(([name]) => flags[name as keyof RestoreFlags] !== undefined);
  const options = names.map(([, option]) => option).join(', ');
  if (names.length > 0)
    throw invalidOption(`objects were named, and ${options}`, 'Name objects, or filter the whole backup.');
  return { objects: { words, withRelated } };
}

async function toOrder(words: readonly string[], line: RestoreFlags, io: Io): Promise<RestoreOrder> {
  const { name, objects } = parseWords(words);
  const file = line.file === undefined ? undefined : await readRestoreFile(line.file);
  const flags = withFile(line, file?.spec);
  const cluster = toClusterOnlyWish({ ...flags, concurrency: flags.concurrency ?? String(writingConcurrency) });
  return {
    cluster,
    store: requireStore(flags, io),
    backup: toChoice(flags),
    identity: flags.identity,
    key: flags.key,
    name: name ?? file?.name,
    selection: { ...toSelection(flags, cluster.namespaces), ...selectorsOf(flags, file?.spec) },
    ...toObjects(objects, flags),
    ...(flags.hooks === false ? {} : { hooks: file?.hooks ?? [] }),
    ...toChanges(flags),
    ...toChoices(flags, io),
  };
}

const asked = {
  question: 'Restore it?',
  refusal: 'nothing was restored',
  advice: 'See what would happen with --dry-run, and agree with --yes.',
};

function agree(preview: RestorePreview, order: RestoreOrder, { yes }: RestoreFlags, io: Io): Promise<void> {
  return requireAgreement(asked, renderPreview(preview, order, { style: io.errorStyle, width: io.width }), yes, io);
}

/** Exit status 1 where something could not be restored, or is there and differs. */
export async function runRestore(words: readonly string[], flags: RestoreFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const order = await toOrder(words, flags, io);
  const report = await runTidily(io, flags.quiet ?? false, ({ progress, onTidy }) =>
    makeRestore(
      order,
      { stdin, environment, today, progress },
      {
        now: Date.now,
        onTidy,
        agree: quietly(progress, (preview) => agree(preview, order, flags, io)),
      },
    ),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text =
    flags.output === 'json'
      ? `${renderJson({ schema: 'nowwhat.dev/restore/v1', ...report, newUids: undefined }, 2)}\n`
      : renderRestore(report, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  const hasProblem = report.preflight.some(({ level }) => level === 'problem');
  return report.phase === 'Completed' && report.counts.differs === 0 && !hasProblem ? 0 : 1;
}
