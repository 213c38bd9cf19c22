// The commands about an app elsewhere: `clone` copies it, and below it stands what becomes of copies; `migrate` tells how it moves.

import { type Command, Option } from 'commander';
import type { CloneFlags } from '../commands/clone.ts';
import type { ClonesFlags } from '../commands/clones.ts';
import type { MigrateFlags } from '../commands/migrate.ts';
import { addMappingOptions, addOpeningOptions, addTryingOptions } from '../arrival-flags.ts';
import { addOneClusterOptions, collect, collectIds, writingConcurrency } from '../options.ts';
import { addVolumeOptions } from '../volume-flags.ts';
import { examples, type Setting } from './setting.ts';

const treatments = ['keep', 'fresh', 'mask', 'leave-out'];

function outputOption(): Option {
  return new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text');
}

function addCloneOptions(command: Command): Command {
  return command
    .option('--to-context <name>', 'make the copy in this cluster (default: where the original is)')
    .option('--to-kubeconfig <file>', 'kubeconfig of that cluster')
    .option('--from-backup <name>', 'copy what this backup holds, not what runs')
    .option('--store <place>', 'where the backup is (default: $NOWWHAT_STORE)')
    .option('--no-volumes', 'leave the volumes of the copy empty')
    .option('--host <old=new>', 'public host of the copy; *.old=*.new for many; may be repeated', collect)
    .option('--cluster-domain <domain>', 'another domain of the cluster than cluster.local', collectIds)
    .addOption(new Option('--secrets <treatment>', 'values of Secrets').choices(treatments).default('keep'))
    .option('--secret-rules <file>', 'rules for single Secrets and keys')
    .option('--replicas <number>', 'at most as many pods of each workload')
    .option('--suspend', 'CronJobs, Jobs and autoscalers do nothing in the copy')
    .option('--fence', 'the pods of the copy reach each other and the name server, and nothing else')
    .option('--webhooks', 'copy webhook configurations too, for objects in the copy only')
    .option('--ttl <duration>', 'how long the copy may stay: 24h')
    .option('--ready-within <duration>', 'wait until its workloads are ready')
    .option('--keep', 'leave what was made, also where not all of it could be')
    .option('--all', 'show every line of the plan')
    .option('-y, --yes', 'agree beforehand')
    .addOption(outputOption());
}

function addRemovalOptions(command: Command): Command {
  return addOneClusterOptions(command)
    .option('--force', 'also where others have put something into the copy')
    .option('-y, --yes', 'agree beforehand')
    .addOption(outputOption());
}

function addCopies(clone: Command, { io, finish }: Setting): void {
  addOneClusterOptions(clone.command('get').description('the copies in a cluster, and how long they stay'))
    .addOption(outputOption())
    .addHelpText('after', examples(io, [['nowwhat clone get --context .', 'whose time is over?']]))
    .action(async (flags: ClonesFlags) => {
      const { runGetClones } = await import('../commands/clones.ts');
      finish(await runGetClones(flags, io));
    });
  addRemovalOptions(clone.command('delete <name...>').description('remove copies; never what no clone made'))
    .addHelpText('after', examples(io, [['nowwhat clone delete shop-copy --context .', 'asks first']]))
    .action(async (names: readonly string[], flags: ClonesFlags) => {
      const { runRemoveClones } = await import('../commands/clones.ts');
      finish(await runRemoveClones(names, flags, io));
    });
  addRemovalOptions(clone.command('expire').description('remove the copies whose time is over'))
    .addHelpText('after', examples(io, [['nowwhat clone expire --context prod --yes', 'in a job']]))
    .action(async (flags: ClonesFlags) => {
      const { runRemoveClones } = await import('../commands/clones.ts');
      finish(await runRemoveClones('expired', flags, io));
    });
}

export function addClone(setting: Setting): void {
  const { program, io, finish } = setting;
  const clone = program
    .command('clone')
    .argument('[namespace]', 'the original')
    .argument('[name]', 'the namespace of the copy')
    .description('copy an app into a new namespace, with every reference to itself rewritten');
  const cloning = addCloneOptions(addOneClusterOptions(clone, writingConcurrency));
  addMappingOptions(addOpeningOptions(cloning));
  addVolumeOptions(addTryingOptions(cloning, 'show what would be made, and ask the API server; nothing is written'))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat clone shop shop-copy --context . --dry-run', 'what would be made and rewritten'],
        [
          'nowwhat clone shop shop-test --context . --replicas 1 --suspend --secrets fresh --ttl 24h',
          'a small copy for a day',
        ],
        [
          'nowwhat clone shop shop --context minikube --to-context prod --host shop.local=shop.example.com',
          'into another cluster',
        ],
        ['nowwhat clone shop shop-old --context . --from-backup shop-1 --store ./kept', 'as it was'],
      ]),
    )
    .action(async (namespace: string | undefined, name: string | undefined, flags: CloneFlags) => {
      const { runClone } = await import('../commands/clone.ts');
      finish(await runClone(namespace, name, flags, io));
    });
  addCopies(clone, setting);
}

export function addMigrate({ program, io, finish }: Setting): void {
  const command = program
    .command('migrate <namespace>')
    .description('how an app moves to another cluster: the steps of the cut-over, with commands and the way back')
    .requiredOption('--to-context <name>', 'the cluster that it moves to')
    .option('--to-kubeconfig <file>', 'kubeconfig of that cluster')
    .option('--store <place>', 'a bucket that both reach (default: $NOWWHAT_STORE)')
    .addOption(outputOption());
  addMappingOptions(addOneClusterOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat migrate shop --context minikube --to-context prod --store s3://backups/shop', 'nothing is written'],
      ]),
    )
    .action(async (namespace: string, flags: MigrateFlags) => {
      const { runMigrate } = await import('../commands/migrate.ts');
      finish(await runMigrate(namespace, flags, io));
    });
}
