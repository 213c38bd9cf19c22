// The command that makes manifests of a backup or a cluster: `backup export`.

import { type Command, Option } from 'commander';
import type { ExportFlags } from '../commands/export.ts';
import { addClusterOnlyOptions, collectIds } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addExport(backup: Command, { io, finish }: Setting): void {
  const command = backup
    .command('export [backup]')
    .description('manifests for git from a backup or a cluster: what somebody would write, and no Secrets')
    .option('--store <place>', 'a folder, or s3://bucket/prefix?endpoint=URL (default: $NOWWHAT_STORE)')
    .option('--folder <folder>', 'a new folder for a file an object (default: YAML is printed)')
    .addOption(
      new Option('--layout <layout>', 'kustomize: with a kustomization.yaml')
        .choices(['yaml', 'kustomize'])
        .default('yaml'),
    )
    .addOption(new Option('-o, --output <format>', 'format of the summary').choices(['text', 'json']).default('text'))
    .option('--kind <names>', 'only these kinds: deploy, deployments.apps, Deployment', collectIds)
    .option('--name <glob>', 'only objects with such a name')
    .option('-l, --selector <labels>', 'only objects with these labels: app=web,tier!=cache');
  addClusterOnlyOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat backup export shop-1 --store ./kept -n shop --folder ./k8s', 'a namespace of a backup'],
        ['nowwhat backup export --context minikube -n shop --folder ./k8s --layout kustomize', 'what runs now'],
        ['nowwhat backup export shop-1 --store ./kept --kind deploy --name web', 'one object, printed'],
      ]),
    )
    .action(async (name: string | undefined, flags: ExportFlags) => {
      const { runExport } = await import('../commands/export.ts');
      finish(await runExport(name, flags, io));
    });
}
