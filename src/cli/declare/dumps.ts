// `restore dump`: the command that brings the content of a database back.

import { type Command, Option } from 'commander';
import type { RestoreDumpFlags } from '../commands/restore-dump.ts';
import { addClusterOnlyOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addRestoreDump(restore: Command, { io, finish }: Pick<Setting, 'io' | 'finish'>): void {
  const command = restore
    .command('dump [name]')
    .description('send a dump of a backup into the database that it came from, or into another')
    .requiredOption('--from-backup <name>', 'the backup')
    .option('--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)')
    .option('--to <place>', 'another pod: POD, NAMESPACE/POD or NAMESPACE/POD/CONTAINER')
    .option('-y, --yes', 'agree beforehand')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addClusterOnlyOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat restore dump --from-backup shop-1 --context . --store ./kept', 'where the backup holds one dump'],
        ['nowwhat restore dump db-0 --from-backup shop-1 --context . --to shop-copy/db-0', 'into a copy'],
      ]),
    )
    .action(async (name: string | undefined, flags: RestoreDumpFlags) => {
      const { runRestoreDump } = await import('../commands/restore-dump.ts');
      finish(await runRestoreDump(name, flags, io));
    });
}
