// `network`: the commands about who reaches whom.

import { Option } from 'commander';
import type { NetworkFlags } from '../commands/network.ts';
import { addSourceOptions, networkFormats } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addNetwork({ program, io, finish }: Setting): void {
  const command = program
    .command('network [path...]')
    .description('who reaches whom on which ports, as policies, routes and host networks have it')
    .addOption(new Option('-o, --output <format>', 'format').choices(networkFormats).default('text'))
    .option('--all', 'name every connection that is not known');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network ./k8s', 'the table, the open ports, and what is not known'],
        ['nowwhat network --context minikube -n shop', 'of a cluster, and whether it enforces policies at all'],
        ['nowwhat network ./k8s -o list | grep db', 'one connection in each line'],
        ['nowwhat network ./k8s -o mermaid', 'a diagram for a README; svg draws it'],
      ]),
    )
    .action(async (inputs: string[], flags: NetworkFlags) => {
      const { runNetwork } = await import('../commands/network.ts');
      finish(await runNetwork(inputs, flags, io));
    });
}
