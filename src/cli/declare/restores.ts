// The commands that bring a backup back: `restore create`, and `drill`, which only tries it.

import { type Command, Option } from 'commander';
import type { DrillFlags } from '../commands/drill.ts';
import { addMappingOptions, addOpeningOptions, addTryingOptions } from '../arrival-flags.ts';
import { addOneClusterOptions, collectIds, writingConcurrency } from '../options.ts';
import { addPolicyOptions } from '../policy-flags.ts';
import type { RestoreFlags } from '../restore-flags.ts';
import { addVolumeOptions } from '../volume-flags.ts';
import { addRestoreDump } from './dumps.ts';
import { addMadeRestores } from './made-restores.ts';
import { examples, type Setting } from './setting.ts';

function addRestoreOptions(command: Command): Command {
  return command
    .option('--from-backup <name>', 'the backup')
    .option(
      '--with-related',
      'of single objects: also the ConfigMaps, Secrets, accounts, claims and definitions they need',
    )
    .option('--from-schedule <name>', 'in place of a backup: the newest that a Velero schedule made')
    .option('--allow-partially-failed', 'of a schedule also a backup that is not whole')
    .option('-f, --file <file>', 'a Velero Restore as a file; what the line says goes first')
    .option('--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)')
    .option('--include-namespaces <names>', 'namespaces of the backup to restore; globs are understood', collectIds)
    .option('-n, --namespace <names>', 'the same as --include-namespaces')
    .option('--exclude-namespaces <names>', 'namespaces to leave out', collectIds)
    .option('--include-resources <names>', 'resources to restore: po, deployments.apps, *', collectIds)
    .option('--exclude-resources <names>', 'resources to leave out', collectIds)
    .option('--include-cluster-resources <when>', 'true or false')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .option('--or-selector <selectors>', 'only objects that fit one of these: "app=web or app=db"')
    .option('--namespace-mappings <pairs>', 'where objects of a namespace go: shop:shop-copy', collectIds)
    .addOption(
      new Option(
        '--existing-resource-policy <policy>',
        'what becomes of an object that is there and differs (default: none)',
      ).choices(['none', 'update', 'recreate']),
    )
    .option('--prune', 'remove what is in the namespaces and not in the backup; shown first')
    .option('--preserve-nodeports', 'keep node ports that the cluster had chosen')
    .option('--status-include-resources <names>', 'restore the status of these too; * for all', collectIds)
    .option('--status-exclude-resources <names>', 'and of these not', collectIds)
    .option('--resource-modifiers <file>', "rules that change objects on their way, as in Velero's ConfigMap")
    .option(
      '--resource-modifier-configmap <name>',
      'the same out of a ConfigMap: NAME beside Velero, or NAMESPACE/NAME',
    )
    .option('--plugin-configmaps [namespace]', "the maps of Velero's plug-ins for classes and images (default: velero)")
    .option('--no-hooks', 'run no hooks: neither commands in pods nor init containers')
    .option('-y, --yes', 'agree beforehand')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
}

export function addRestore({ program, io, finish }: Setting): void {
  const restore = program
    .command('restore')
    .description('bring the objects of a backup back, ours or one of Velero')
    .addHelpText('after', examples(io, [['nowwhat restore create --from-backup shop-1 --context .', 'bring it back']]));
  addRestoreDump(restore, { io, finish });
  addMadeRestores(restore, { program, io, finish });
  const command = restore
    .command('create [words...]')
    .usage('[name] [kind/name...] [options]')
    .description('restore a backup, or single objects of it: what will happen is shown first');
  const restoring = addRestoreOptions(addOneClusterOptions(command, writingConcurrency));
  addPolicyOptions(
    addMappingOptions(addOpeningOptions(restoring)),
    "filters of kinds, names and labels in single namespaces: two sections of Velero's resource policies",
  );
  addVolumeOptions(addTryingOptions(restoring, 'ask the API server what would happen; nothing is changed'))
    .option('--no-restore-volumes', 'leave new volumes empty, whatever data the backup has')
    .option('--host-paths', 'bring directories of nodes back too, to the same path, where there is nothing')
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat restore create --from-backup shop-1 --context . --store ./kept --dry-run', 'what would happen'],
        [
          'nowwhat restore create --from-backup shop-1 --context . --namespace-mappings shop:shop-copy',
          'into another namespace',
        ],
        [
          'nowwhat restore create --from-backup shop-1 --context . --existing-resource-policy update',
          'put back what changed',
        ],
        [
          'nowwhat restore create configmap/settings -n shop --from-backup shop-1 --context . --existing-resource-policy update',
          'one object as it was',
        ],
      ]),
    )
    .action(async (words: string[], flags: RestoreFlags) => {
      const { runRestore } = await import('../commands/restore.ts');
      finish(await runRestore(words, flags, io));
    });
}

export function addDrill({ program, io, finish }: Setting): void {
  const command = program
    .command('drill [path...]')
    .description(
      'prove that a backup can be restored: into a fenced copy, compared object by object, and removed again',
    )
    .option('--from-backup <name>', 'the backup')
    .option('--from-schedule <name>', 'in place of a backup: the newest whole one of a schedule')
    .option('--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)')
    .option('--include-namespaces <names>', 'only these namespaces of the backup', collectIds)
    .option('-n, --namespace <names>', 'the same as --include-namespaces')
    .option(
      '--into <pairs>',
      'namespaces that stand ready with their fence, as schedule drill makes them: shop:shop-drill-weekly',
      collectIds,
    )
    .option('--schedule <name>', 'this is a run of a schedule of drills: never two of one at once')
    .option('--ready-within <duration>', 'how long workloads may take to be ready', '5m')
    .option('--probes <file>', 'what to ask of the app once it is ready: requests, commands in its pods')
    .option('--no-restore-volumes', 'objects only: claims come back empty')
    .option('-y, --yes', 'agree beforehand')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addVolumeOptions(addOpeningOptions(addOneClusterOptions(command, writingConcurrency)))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat drill --from-backup shop-1 --context . --store ./kept', 'shown first, then tried'],
        ['nowwhat drill --from-backup shop-1 --context prod --store s3://backups/prod --yes', 'in a job'],
        ['nowwhat drill --from-backup shop-1 --context . --probes probes.yaml k8s/', 'a proof about the files in k8s/'],
      ]),
    )
    .action(async (paths: string[], flags: DrillFlags) => {
      const { runDrillCommand } = await import('../commands/drill.ts');
      finish(await runDrillCommand(paths, flags, io));
    });
}
