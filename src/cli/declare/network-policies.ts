// `network policies`: the policies that the app needs, from evidence, with their proof.

import { type Command, Option } from 'commander';
import type { NetworkPoliciesFlags } from '../commands/network-policies.ts';
import type { AuditFlags } from '../commands/network-audit.ts';
import type { RehearseFlags } from '../commands/network-rehearse.ts';
import type { RolloutFlags } from '../commands/network-rollout.ts';
import { addClusterOnlyOptions, addSourceOptions, collect } from '../options.ts';
import { examples, type Setting } from './setting.ts';

function networkCommand({ program }: Setting): Command {
  const known = program.commands.find((command) => command.name() === 'network');
  return (known ?? program.command('network')).enablePositionalOptions();
}

function addObservationOptions(command: Command): Command {
  return command
    .option('--flows <file>', 'connections that somebody recorded (docs/traffic.md); may be repeated', collect)
    .option('--prometheus <url>', 'ask the metrics of Istio or Linkerd there')
    .option('--range <duration>', 'how far back Prometheus looks (default: "1h")')
    .option('--for <duration>', 'look at the sockets in the pods of --context for this long')
    .option('--every <duration>', 'how often to look (default: "1s")')
    .option('-y, --yes', 'agree to the commands that read the sockets in containers')
    .option(
      '--peer <name=value>',
      'addresses (10.0.0.0/16) or pods (namespace/label=value) behind a host name, or behind api-server, cloud, ingress (ingress:CLASS), metrics, nodes; may be repeated',
      collect,
    )
    .option('--keep-uncalled', 'leave Services that nobody is known to call open for the pods of their namespace');
}

function addNetworkPolicies(setting: Setting): void {
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

function addNetworkRehearse(setting: Setting): void {
  const { io, finish } = setting;
  const command = networkCommand(setting)
    .command('rehearse [path...]')
    .description(
      'try the policies on a copy of the app, or on the app itself, from inside: what is kept, what is refused; then remove everything',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--on <context>', 'cluster to rehearse on (default: that of --context)')
    .option('--live', 'beside the app itself in --context: its own pods are called, and held by the policies meanwhile')
    .option('--within <duration>', 'how long --live may hold the app (default: "2m")')
    .option(
      '--image <image>',
      'of the stand-ins; it needs sh, nc, nslookup and timeout',
      'docker.io/library/busybox:1.37',
    )
    .option('--forbidden <number>', 'connections that nobody needs to try, at most', '20')
    .option('--plan', 'only show what would be made and tried');
  addSourceOptions(addObservationOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network rehearse ./k8s --on minikube --plan', 'what would be made and tried'],
        ['nowwhat network rehearse ./k8s --on minikube', 'do it, after a look at the plan'],
        [
          'nowwhat network rehearse --context prod -n shop --on stage --yes',
          'the app of one cluster, tried on another',
        ],
        [
          'nowwhat network rehearse --context prod -n shop --live --within 60s',
          'on the app itself, watched, taken back',
        ],
      ]),
    )
    .action(async (inputs: string[], flags: RehearseFlags) => {
      const { runNetworkRehearse } = await import('../commands/network-rehearse.ts');
      finish(await runNetworkRehearse(inputs, flags, io));
    });
}

function addNetworkAudit(setting: Setting): void {
  const { io, finish } = setting;
  const command = networkCommand(setting)
    .command('audit <path...>')
    .description('what policies that are not applied yet would cut of what happens in a cluster; nothing is changed')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(addObservationOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network audit policies.yaml --context prod -n shop --for 10m', 'against what happens now'],
        ['nowwhat network audit policies.yaml --context prod -n shop --flows flows.jsonl', 'against what was recorded'],
      ]),
    )
    .action(async (inputs: string[], flags: AuditFlags) => {
      const { runNetworkAudit } = await import('../commands/network-audit.ts');
      finish(await runNetworkAudit(inputs, flags, io));
    });
}

function addNetworkRollout(setting: Setting): void {
  const { io, finish } = setting;
  const command = networkCommand(setting)
    .command('rollout')
    .description(
      'a plan that closes the next namespace of a cluster, for apply and undo; each policy is tried by a dry run',
    )
    .addOption(new Option('-o, --output <where>', 'text, json, or the file to write the plan to').default('text'));
  addClusterOnlyOptions(addObservationOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network rollout --context prod -n shop -o plan.json', 'then: nowwhat apply plan.json'],
        ['nowwhat network rollout --context prod -n shop,lab --for 10m', 'one namespace after the other'],
      ]),
    )
    .action(async (flags: RolloutFlags) => {
      const { runNetworkRollout } = await import('../commands/network-rollout.ts');
      finish(await runNetworkRollout(flags, io));
    });
}

export function addNetworkWords(setting: Setting): void {
  for (const add of [addNetworkPolicies, addNetworkRehearse, addNetworkAudit, addNetworkRollout]) add(setting);
}
