// The commands about restores that were made: `restore get`, `describe`, `logs`, `delete`.

import { type Command, Option } from 'commander';
import type { RestoresFlags } from '../commands/restores.ts';
import { addLookOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

interface OneRestore {
  readonly name: string;
  readonly description: string;
  readonly example: readonly [string, string];
  readonly outputs: readonly string[];
  readonly load: () => Promise<(name: string, flags: RestoresFlags, io: Setting['io']) => Promise<number>>;
  readonly options?: (command: Command) => Command;
}

const ofOne: readonly OneRestore[] = [
  {
    name: 'describe',
    description: 'what a restore brought back, and what went wrong',
    example: ['nowwhat restore describe shop-1-20260101020304 --store ./kept', 'one restore'],
    outputs: ['text', 'json', 'yaml'],
    load: async () => (await import('../commands/restores.ts')).runDescribeRestore,
  },
  {
    name: 'logs',
    description: 'the log of a restore',
    example: ['nowwhat restore logs shop-1-20260101020304 --store ./kept', 'what happened, line by line'],
    outputs: [],
    load: async () => (await import('../commands/restores.ts')).runRestoreLogs,
  },
  {
    name: 'delete',
    description: 'delete what the store tells of a restore; what it restored stays in the cluster',
    example: ['nowwhat restore delete shop-1-20260101020304 --store ./kept --yes', 'without being asked'],
    outputs: ['text', 'json', 'yaml'],
    load: async () => (await import('../commands/restores.ts')).runDeleteRestore,
    options: (command) => command.option('-y, --yes', 'agree beforehand'),
  },
];

function addPlace(command: Command, outputs: readonly string[]): Command {
  const placed = addLookOptions(command).option(
    '--store <place>',
    'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)',
  );
  if (outputs.length === 0) return placed;
  return placed.addOption(new Option('-o, --output <format>', 'format').choices(outputs).default('text'));
}

export function addMadeRestores(restore: Command, { io, finish }: Setting): void {
  const get = restore.command('get [restores...]').description('the restores that a store tells of, the newest first');
  addPlace(get, ['text', 'wide', 'json', 'yaml', 'name'])
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat restore get --store s3://backups/prod', 'ours and Velero’s'],
        ['nowwhat restore get --store ./kept -o wide', 'with the cluster, and when each ended'],
      ]),
    )
    .action(async (names: string[], flags: RestoresFlags) => {
      const { runGetRestores } = await import('../commands/restores.ts');
      finish(await runGetRestores(names, flags, io));
    });
  for (const { name, description, example, outputs, load, options = (each: Command) => each } of ofOne)
    addPlace(options(restore.command(`${name} <restore>`).description(description)), outputs)
      .addHelpText('after', examples(io, [example]))
      .action(async (word: string, flags: RestoresFlags) => {
        finish(await (await load())(word, flags, io));
      });
}
