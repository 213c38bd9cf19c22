// `network`: the commands about who reaches whom.

import { type Command, Option } from 'commander';
import type { NetworkAnswerFlags, NetworkFlags } from '../commands/network.ts';
import { addPlaceOptions, addSourceOptions, networkFormats } from '../options.ts';
import { examples, type Setting } from './setting.ts';

const answerFormat = (): Option =>
  new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text');

function addWhy(network: Command, { io, finish }: Setting): void {
  addSourceOptions(
    network
      .command('why <from> <to> [port-and-path...]')
      .description('whether one may call the other, and the policies and rules that decide')
      .addOption(answerFormat()),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network why web postgres 5432 ./k8s', 'the port of the pods; 53/udp for another protocol'],
        ['nowwhat network why web svc/postgres ./k8s', 'through a Service, at the port it leads to'],
        ['nowwhat network why shop/web 203.0.113.7 443 ./k8s', 'an address outside'],
        ['nowwhat network why ingress-controller web ./k8s', 'all ports, from where Ingresses and routes lead'],
      ]),
    )
    .action(async (from: string, to: string, rest: string[], flags: NetworkAnswerFlags) => {
      const { runNetworkWhy } = await import('../commands/network.ts');
      finish(await runNetworkWhy([from, to, ...rest], flags, io));
    });
}

function addDiff(network: Command, { io, finish }: Setting): void {
  addPlaceOptions(
    network
      .command('diff <old> <new>')
      .description('connections that are opened or closed between two folders, charts, saved snapshots or contexts')
      .addOption(answerFormat()),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat network diff ./k8s ./k8s-closed', 'what a change of policies does'],
        ['nowwhat network diff minikube ./k8s -n shop', 'what runs, against the files'],
      ]),
    )
    .action(async (old: string, fresh: string, flags: NetworkAnswerFlags) => {
      const { runNetworkDiff } = await import('../commands/network.ts');
      finish(await runNetworkDiff([old, fresh], flags, io));
    });
}

export function addNetwork(setting: Setting): void {
  const { program, io, finish } = setting;
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
  addWhy(command, setting);
  addDiff(command, setting);
}
