// The commands that look into backups: `backup browse`, `history` and `diff`.

import { type Command, Option } from 'commander';
import type { BrowseFlags, DiffFlags, HistoryFlags } from '../commands/saved-objects.ts';
import { addClusterOnlyOptions, addLookOptions, collectIds } from '../options.ts';
import { examples, type Setting } from './setting.ts';

const store = ['--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)'] as const;

function output(choices: readonly string[]): Option {
  return new Option('-o, --output <format>', 'format').choices(choices).default('text');
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--kind <names>', 'only these kinds: deploy, deployments.apps, Deployment', collectIds)
    .option('--name <glob>', 'only objects with such a name')
    .option('-l, --selector <labels>', 'only objects with these labels: app=web,tier!=cache');
}

function addBrowse(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('browse [backup] [object]')
    .description('what is in a backup: its objects, one of them, or where a text stands')
    .option(...store)
    .addOption(output(['text', 'json', 'yaml']))
    .option('-n, --namespace <names>', 'only objects of these namespaces; globs are understood', collectIds)
    .option(
      '-i, --interactive',
      'choose a backup, a kind and an object in a conversation (without a name, at a terminal, by itself)',
    )
    .option('--search <text>', 'objects with this text, and where it stands; values of Secrets are not searched');
  addFilterOptions(addLookOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat backup browse --store ./kept', 'choose a backup, a kind, an object'],
        ['nowwhat backup browse shop-1 --store ./kept', 'all objects'],
        ['nowwhat backup browse shop-1 -n shop --kind deploy -l app=web', 'some of them'],
        ['nowwhat backup browse shop-1 deploy/web -n shop', 'one as YAML, as it was saved'],
        ['nowwhat backup browse shop-1 --search db.example.com', 'where a text stands'],
      ]),
    )
    .action(async (name: string | undefined, object: string | undefined, flags: BrowseFlags) => {
      const { runBrowse } = await import('../commands/saved-objects.ts');
      finish(await runBrowse(name, object, flags, io));
    });
}

function addHistory(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('history <kind> <name>')
    .description('one object through all backups of a store: when it changed, and in what')
    .option(...store)
    .addOption(output(['text', 'json']))
    .option('-n, --namespace <name>', 'its namespace, where several have one of that name');
  addLookOptions(command)
    .addHelpText('after', examples(io, [['nowwhat backup history deploy web -n shop --store ./kept', 'a Deployment']]))
    .action(async (kind: string, name: string, flags: HistoryFlags) => {
      const { runHistory } = await import('../commands/saved-objects.ts');
      finish(await runHistory(kind, name, flags, io));
    });
}

function addDiff(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('diff <backup> <other>')
    .description('what differs between two backups, or a backup and a cluster ("live")')
    .option(...store)
    .addOption(output(['text', 'json']))
    .option('--status', 'compare what controllers report, too')
    .option('--all', 'also objects that a cluster keeps by itself: pods of a Deployment, leases, events');
  addFilterOptions(addClusterOnlyOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat backup diff shop-1 shop-2 --store ./kept', 'from one backup to another'],
        ['nowwhat backup diff shop-2 live --context . --store ./kept', 'from a backup to the cluster as it is now'],
        ['nowwhat backup diff shop-1 shop-2 -n shop --kind deploy', 'of some objects only'],
      ]),
    )
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const { runDiff } = await import('../commands/saved-objects.ts');
      finish(await runDiff(before, after, flags, io));
    });
}

export function addSavedObjects(backup: Command, setting: Setting): void {
  addBrowse(backup, setting);
  addHistory(backup, setting);
  addDiff(backup, setting);
}
