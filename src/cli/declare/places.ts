// Commands about clusters and what differs between places: `snapshot`, `compare`, `drift`.

import { Option } from 'commander';
import type { CompareFlags } from '../commands/compare.ts';
import type { DriftFlags } from '../commands/drift.ts';
import type { FactsFlags } from '../commands/facts.ts';
import type { TrafficFlags } from '../commands/traffic.ts';
import type { SourceFlags } from '../flags.ts';
import { addClusterOnlyOptions, addSourceOptions, collect, collectIds, trafficFormats } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addSnapshot({ program, io, finish }: Setting): void {
  addClusterOnlyOptions(
    program
      .command('snapshot')
      .description('save what a cluster holds, without values of Secrets, for somebody who has no access'),
    { namespace: "namespaces to read, separated by commas (default: the context's)" },
  )
    .option('--kube-version <version>', "version of Kubernetes that it is judged for (default: the cluster's own)")
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat snapshot --context prod -n shop --output-file prod.snapshot', 'save it'],
        ['nowwhat journey prod.snapshot', 'every command reads it'],
      ]),
    )
    .action(async (flags: SourceFlags) => {
      const { runSnapshot } = await import('../commands/snapshot.ts');
      finish(await runSnapshot(flags, io));
    });
}

export function addFacts({ program, io, finish }: Setting): void {
  const command = program
    .command('facts [snapshot]')
    .description('what a cluster is made of: version, nodes, network, and what runs in it for everybody')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat facts --context minikube', 'a cluster'],
        ['nowwhat facts prod.snapshot -o json', 'what somebody saved of one'],
      ]),
    )
    .action(async (input: string | undefined, flags: FactsFlags) => {
      const { runFacts } = await import('../commands/facts.ts');
      finish(await runFacts(input === undefined ? [] : [input], flags, io));
    });
}

export function addCompare({ program, io, finish }: Setting): void {
  const side = 'files, a saved snapshot, or a context of the kubeconfig';
  const command = program
    .command('compare')
    .description('what changes for an app between two places: Minikube and the target')
    .requiredOption('--from <place>', `where it runs: ${side}`)
    .requiredOption('--to <place>', `where it shall run: ${side}`)
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--all', 'what is alike and what is open too')
    .option('--prove', "ask the target itself: a server-side dry run of all the app's objects, which stores nothing")
    .option('--prove-in <namespace>', "the same, with an existing namespace that stands in for the app's")
    .option('-y, --yes', 'agree to the dry run');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat compare --from minikube --to prod -n shop', 'two contexts'],
        ['nowwhat compare --from ./k8s --to prod.snapshot', 'files, and a cluster somebody else saved'],
        ['nowwhat compare --from ./k8s --to prod --prove', "with the target's own answer to each object"],
      ]),
    )
    .action(async (flags: CompareFlags) => {
      const { runCompare } = await import('../commands/compare.ts');
      finish(await runCompare(flags, io));
    });
}

export function addDrift({ program, io, finish }: Setting): void {
  const command = program
    .command('drift <path...>')
    .description('what a cluster has otherwise than the files declare, field by field')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(command)
    .addHelpText('after', examples(io, [['nowwhat drift ./k8s --context minikube -n shop', 'files against a cluster']]))
    .action(async (inputs: string[], flags: DriftFlags) => {
      const { runDrift } = await import('../commands/drift.ts');
      finish(await runDrift(inputs, flags, io));
    });
}

export function addTraffic({ program, io, finish }: Setting): void {
  const command = program
    .command('traffic [path...]')
    .description('what talks to what: declared, seen, to outside, and what policies say of it')
    .addOption(new Option('-o, --output <format>', 'format').choices(trafficFormats).default('text'))
    .option('--flows <file>', 'connections that somebody recorded (docs/traffic.md); may be repeated', collect)
    .option('--prometheus <url>', 'ask the metrics of Istio or Linkerd there')
    .option('--range <duration>', 'how far back Prometheus looks (default: "1h")')
    .option('--for <duration>', 'how long to look at the sockets in the pods of --context (default: "30s")')
    .option('--every <duration>', 'how often to look (default: "1s")')
    .option('-y, --yes', 'agree to the commands that read the sockets in containers')
    .option('--fail-on <what>', 'exit status 1 for undeclared, blocked, outside; separated by commas', collectIds)
    .option('--all', 'every place where a call is declared and was seen');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat traffic ./k8s', 'what is declared, and what policies say of it'],
        ['nowwhat traffic --context minikube -n shop --for 1m', 'what happens in a cluster now'],
        ['nowwhat traffic --context minikube -n shop -o flows --output-file flows.jsonl', 'keep what was seen'],
        ['nowwhat traffic ./k8s --flows flows.jsonl --fail-on undeclared', 'against what was recorded'],
      ]),
    )
    .action(async (inputs: string[], flags: TrafficFlags) => {
      const { runTraffic } = await import('../commands/traffic.ts');
      finish(await runTraffic(inputs, flags, io));
    });
}
