// The commands that put a backup elsewhere: `backup copy` and `backup download`.

import { type Command, Option } from 'commander';
import type { CopyFlags, DownloadFlags } from '../commands/copies.ts';
import { addLookOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

const store = ['--store <place>', 'where it is: a folder, or s3://bucket/prefix (default: $NOWWHAT_STORE)'] as const;

function addCopy(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('copy <backup>')
    .description('copy a backup to another store; run again, it goes on where it was cut off')
    .option(...store)
    .requiredOption('--to <place>', 'where it goes: a folder, or s3://bucket/prefix?endpoint=URL')
    .option('--volumes', 'with the data of its volumes: the kopia repositories of its namespaces, as a whole')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addLookOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat backup copy shop-1 --store ./kept --to s3://backups-elsewhere/prod', 'to a second place'],
        [
          'nowwhat backup copy shop-1 --store s3://backups/prod --to s3://backups-elsewhere/prod --volumes',
          'with data',
        ],
      ]),
    )
    .action(async (name: string, flags: CopyFlags) => {
      const { runCopy } = await import('../commands/copies.ts');
      finish(await runCopy(name, flags, io));
    });
}

function addDownload(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('download <backup>')
    .description('the archive of a backup as a file, or all of it in a folder')
    .option(...store)
    .option('-o, --output <path>', 'a file, or a folder, which is a store then (default: "BACKUP-data.tar.gz")')
    .option('--force', 'replace a file that is there');
  addLookOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat backup download shop-1 --store s3://backups/prod -o shop-1.tar.gz', 'the archive'],
        ['nowwhat backup download shop-1 --store s3://backups/prod -o ./kept/', 'all of it'],
      ]),
    )
    .action(async (name: string, flags: DownloadFlags) => {
      const { runDownload } = await import('../commands/copies.ts');
      finish(await runDownload(name, flags, io));
    });
}

export function addCopies(backup: Command, setting: Setting): void {
  addCopy(backup, setting);
  addDownload(backup, setting);
}
