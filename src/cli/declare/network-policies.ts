// `network policies`: the policies that the app needs, from evidence, with their proof.

import { type Command, Option } from 'commander';
import type { NetworkPoliciesFlags } from '../commands/network-policies.ts';
import { addSourceOptions, collect } from '../options.ts';
import { examples, type Setting } from './setting.ts';

function networkCommand({ program }: Setting): Command {
  return (
    program.commands.find((command) => command.name() === 'network') ??
    program.command('network').description('who may reach whom, and the policies that close the rest')
  );
}

function addObservationOptions(command: Command): Command {
  return command
    .option('--flows <file>', 'connections that somebody recorded (docs/traffic.md); may be repeated', collect)
    .option('--prometheus <url>', 'ask the metrics of Istio or Linkerd there')
    .option('--range <time>', 'how far back Prometheus looks (default: "1h")')
    .option('--for <time>', 'look at the sockets in the pods of --context for this long')
    .option('--every <time>', 'how often to look (default: "1s")')
    .option('--yes', 'agree to the commands that read the sockets in containers')
    .option(
      '--peer <name=value>',
      'addresses (10.0.0.0/16) or pods (namespace/label=value) behind a host name, or behind api-server, ingress, metrics, nodes; may be repeated',
      collect,
    )
    .option('--keep-uncalled', 'leave Services that nobody is known to call open for the pods of their namespace');
}

export function addNetworkPolicies(setting: Setting): void {
  const { io, finish } = setting;
  const command = networkCommand(setting)
    .command('policies [path...]')
    .description(
      'one policy for each workload from declared calls and observed traffic, with the proof that nothing is cut',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['yaml', 'text', 'json']).default('yaml'));
  addSourceOptions(addObservationOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network policies ./k8s', 'YAML with the proof above it, for review or kubectl apply -f -'],
        ['nowwhat network policies ./k8s --flows flows.jsonl -o text', 'the proof: what is kept, cut, open beyond'],
        ['nowwhat network policies --context prod -n shop --for 10m', 'from what a cluster declares and does'],
      ]),
    )
    .action(async (inputs: string[], flags: NetworkPoliciesFlags) => {
      const { runNetworkPolicies } = await import('../commands/network-policies.ts');
      finish(await runNetworkPolicies(inputs, flags, io));
    });
}
