// `restore create`: shows what will be restored where, restores it where somebody agrees, and tells what happened.

import { makeRestore, type RestoreOrder, type RestorePreview } from '../../app/restores.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderPreview, renderRestore } from '../reporters/restore.ts';
import { parseTruth, requireStore, toLabelSelector } from '../store-flags.ts';
import { writeOutput } from '../write-output.ts';

export interface RestoreFlags extends SourceFlags {
  readonly fromBackup: string;
  readonly store?: string;
  readonly includeNamespaces?: readonly string[];
  readonly excludeNamespaces?: readonly string[];
  readonly includeResources?: readonly string[];
  readonly excludeResources?: readonly string[];
  readonly includeClusterResources?: string;
  readonly selector?: string;
  readonly namespaceMappings?: readonly string[];
  readonly existingResourcePolicy: 'none' | 'update' | 'recreate';
  readonly preserveNodeports?: boolean;
  readonly statusIncludeResources?: readonly string[];
  readonly storageClassMappings?: readonly string[];
  readonly imageMappings?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

/** A restore is nearly all waiting for the API server. */
const usualConcurrency = '32';

function pairs(list: readonly string[] = [], separator = ':'): [string, string][] {
  return list.map((each) => {
    const at = each.indexOf(separator);
    if (at > 0 && at < each.length - 1) return [each.slice(0, at), each.slice(at + 1)];
    throw new UserError('invalid-option', `"${each}" is not an old and a new name`, `Write OLD${separator}NEW.`);
  });
}

function toOrder(name: string | undefined, flags: RestoreFlags, io: Io): RestoreOrder {
  const cluster = toClusterOnlyWish({ ...flags, concurrency: flags.concurrency ?? usualConcurrency });
  const includeClusterResources = parseTruth('--include-cluster-resources', flags.includeClusterResources);
  return {
    cluster,
    store: requireStore(flags, io),
    backup: flags.fromBackup,
    name,
    selection: {
      includedNamespaces: flags.includeNamespaces ?? cluster.namespaces,
      excludedNamespaces: flags.excludeNamespaces ?? [],
      includedResources: flags.includeResources ?? [],
      excludedResources: flags.excludeResources ?? [],
      ...(includeClusterResources === undefined ? {} : { includeClusterResources }),
      ...(flags.selector === undefined ? {} : { labelSelector: toLabelSelector(flags.selector) }),
    },
    namespaceMappings: new Map(pairs(flags.namespaceMappings)),
    existing: flags.existingResourcePolicy,
    preserveNodePorts: flags.preserveNodeports === true,
    storageClasses: new Map(pairs(flags.storageClassMappings)),
    images: pairs(flags.imageMappings, '='),
    statusResources: flags.statusIncludeResources ?? [],
    dryRun: flags.dryRun === true,
  };
}

async function agree(preview: RestorePreview, flags: RestoreFlags, io: Io): Promise<void> {
  if (flags.yes === true) return;
  io.err(renderPreview(preview, flags, { style: io.errorStyle, width: io.width }));
  const answer = await io.ask?.('Restore it? [y/N] ');
  if (!/^y(?:es)?$/i.test((answer ?? '').trim()))
    throw new UserError(
      'not-agreed',
      'nothing was restored',
      'See what would happen with --dry-run, and agree with --yes.',
    );
}

/** Exit status 1 where something could not be restored, or is there and differs. */
export async function runRestore(name: string | undefined, flags: RestoreFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const order = toOrder(name, flags, io);
  const report = await withProgress(io, flags.quiet ?? false, (progress) =>
    makeRestore(
      order,
      { stdin, environment, today, progress },
      {
        now: Date.now,
        agree: (preview) => {
          progress('');
          return agree(preview, flags, io);
        },
      },
    ),
  );
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/restore/v1', ...report, newUids: undefined }, null, 2)}\n`
      : renderRestore(report, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return report.counts.failed + report.counts.differs > 0 ? 1 : 0;
}
