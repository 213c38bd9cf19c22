// The commands about backups: `backup create`, `get`, `describe`, `logs`, `verify`, `delete`; those that look into one are declared beside.

import { type Command, Option } from 'commander';
import type { CreateFlags, StoreFlags } from '../commands/backup.ts';
import type { PruneFlags } from '../commands/prune.ts';
import { addDatabaseOptions } from '../database-flags.ts';
import { addClusterOnlyOptions, addLoginOptions, addLookOptions, collect } from '../options.ts';
import { addCopies } from './copies.ts';
import { addExport } from './export.ts';
import { addSavedObjects } from './saved-objects.ts';
import { addPolicyOptions } from '../policy-flags.ts';
import { addSelectionOptions } from '../selection-flags.ts';
import { addSnapshotOptions } from '../snapshot-flags.ts';
import { addVolumeOptions } from '../volume-flags.ts';
import { examples, type Setting } from './setting.ts';
import { addRetentionOptions } from './retention-options.ts';

function addPlaceOptions(command: Command): Command {
  return command
    .option('--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
}

function addStoreOptions(command: Command): Command {
  return addPlaceOptions(addLookOptions(command));
}

const createExamples: Parameters<typeof examples>[1] = [
  ['nowwhat backup create --context minikube -n shop --store ./kept', 'one namespace into a folder'],
  ['nowwhat backup create nightly --context prod -A --store s3://backups/prod', 'a whole cluster into a bucket'],
  [
    'nowwhat backup create --context prod -n shop --default-volumes-to-fs-backup --store s3://backups',
    'with the data of its volumes',
  ],
  [
    'nowwhat backup create --context prod -n shop --seal-to age1… --sign key.pem',
    'Secrets encrypted, all of it signed',
  ],
  ['nowwhat backup create --context prod -f backup.yaml --store s3://backups/prod', "what Velero's file says"],
  [
    'nowwhat backup create --schedule nightly --context prod -n shop --store s3://backups --keep-daily 7',
    'and older ones go',
  ],
  ['nowwhat backup create --context prod -n shop --resource-policies policies.yaml --dry-run', 'what would be saved'],
];

function addCreate(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('create [name]')
    .description("save an app's objects in a store, in a format that Velero restores")
    .option('-f, --file <file>', 'a Velero Backup as a file: its spec is what is taken')
    .option('--ttl <duration>', 'how long Velero keeps it, such as 720h (default: until somebody deletes it)')
    .option('--storage-location <name>', 'the name that Velero knows the store by (default: "default")')
    .option('--label <key=value>', 'label of the backup; may be repeated', collect)
    .option('--annotation <key=value>', 'annotation of the backup; may be repeated', collect)
    .option('--seal-to <recipient>', 'encrypt Secrets with age for this recipient; may be repeated', collect)
    .option('--sign <file>', 'sign the backup with this private key: ed25519, PEM')
    .option(
      '--schedule <name>',
      'make it as a run of this schedule: named after it and the time, and counted as its own',
    )
    .option('--take-over', 'go on with a name whose writer was cut off')
    .option('--hooks', "agree to all commands that annotations of pods or the file's hooks ask for")
    .option('--no-hooks', 'run no commands in pods')
    .option('--default-volumes-to-fs-backup', 'save the files of all volumes, not only of those that pods name')
    .option('--no-volumes', 'objects only: no files and no snapshots, whatever pods and policies say')
    .option('--dry-run', 'show what would be saved, and what would run; nothing is written')
    .option('-y, --yes', 'agree beforehand to whatever would be asked');
  addPlaceOptions(
    addRetentionOptions(
      addPolicyOptions(
        addSnapshotOptions(addVolumeOptions(addDatabaseOptions(addSelectionOptions(addClusterOnlyOptions(command))))),
      ),
    ),
  )
    .addHelpText('after', examples(io, createExamples))
    .action(async (name: string | undefined, flags: CreateFlags) => {
      const { runCreate } = await import('../commands/backup.ts');
      finish(await runCreate(name, flags, io));
    });
}

function addPrune(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('prune')
    .description(
      'delete backups that a rule does not keep; never the newest good one, nor the newest that a drill has proven',
    )
    .option('--schedule <name>', 'only backups of this schedule (default: of all schedules)')
    .option('--all', 'also backups that no schedule has made, by their namespaces')
    .option('--dry-run', 'show what would go')
    .option('-y, --yes', 'agree beforehand');
  const reaching = command.option(
    '--context <name>',
    'the cluster whose drivers delete snapshots; without one, backups with snapshots stay',
  );
  addRetentionOptions(addStoreOptions(addLoginOptions(reaching)))
    .addHelpText(
      'after',
      examples(io, [
        [
          'nowwhat backup prune --store ./kept --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --dry-run',
          'what would go',
        ],
        ['nowwhat backup prune --store ./kept --schedule nightly --keep-within 30d --yes', 'by age'],
      ]),
    )
    .action(async (flags: PruneFlags) => {
      const { runPrune } = await import('../commands/prune.ts');
      finish(await runPrune(flags, io));
    });
}

type Run = (name: string, flags: StoreFlags, io: Setting['io']) => Promise<number>;

interface OneBackup {
  readonly name: string;
  readonly description: string;
  readonly example: readonly [string, string];
  readonly load: () => Promise<Run>;
  readonly options?: (command: Command) => Command;
}

const ofOne: readonly OneBackup[] = [
  {
    name: 'describe',
    description: 'what is in a backup, and what went wrong',
    example: ['nowwhat backup describe shop-1 --store ./kept', 'one backup'],
    load: async () => (await import('../commands/backup.ts')).runDescribe,
  },
  {
    name: 'logs',
    description: 'the log of a backup',
    example: ['nowwhat backup logs shop-1 --store ./kept', 'what happened, line by line'],
    load: async () => (await import('../commands/backup.ts')).runLogs,
  },
  {
    name: 'verify',
    description: 'read a backup whole and compare every byte with what was written',
    example: ['nowwhat backup verify shop-1 --store ./kept', 'exit status 1 where a byte is wrong'],
    load: async () => (await import('../commands/backup.ts')).runVerify,
    options: (command) => command.option('--key <file>', 'it must be signed, and this is the public key: ed25519, PEM'),
  },
  {
    name: 'delete',
    description: 'delete a backup and all that belongs to it, its snapshots too',
    example: ['nowwhat backup delete shop-1 --store ./kept --yes', 'without being asked'],
    load: async () => (await import('../commands/delete-backup.ts')).runDelete,
    options: (command) =>
      addLoginOptions(
        command
          .option('-y, --yes', 'agree beforehand')
          .option('--context <name>', 'the cluster whose driver deletes its snapshots; "." is the current context')
          .option('--keep-snapshots', 'leave its snapshots in the storage system'),
      ),
  },
];

export function addBackup(setting: Setting): void {
  const { program, io, finish } = setting;
  const backup = program
    .command('backup')
    .description("backups of objects in any S3 store or folder, in Velero's format")
    .addHelpText('after', examples(io, [['nowwhat backup create --context . -n shop --store ./kept', 'make one']]));
  addCreate(backup, setting);
  addSavedObjects(backup, setting);
  addCopies(backup, setting);
  addExport(backup, setting);
  addStoreOptions(backup.command('get').description('the backups of a store, the newest first'))
    .addHelpText('after', examples(io, [['nowwhat backup get --store s3://backups/prod', 'ours and Velero’s']]))
    .action(async (flags: StoreFlags) => {
      const { runGet } = await import('../commands/backup.ts');
      finish(await runGet(flags, io));
    });
  addPrune(backup, setting);
  for (const { name, description, example, load, options = (each: Command) => each } of ofOne)
    options(addStoreOptions(backup.command(`${name} <backup>`).description(description)))
      .addHelpText('after', examples(io, [example]))
      .action(async (word: string, flags: StoreFlags) => {
        finish(await (await load())(word, flags, io));
      });
}
