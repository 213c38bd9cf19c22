// Commands that limit what a break-in can reach, and keep it so: `isolation`, `secrets`, `pod-security`, `pin`, `guard-rails`.

import { Option } from 'commander';
import type { GuardRailsFlags } from '../commands/guard-rails.ts';
import type { IsolationFlags } from '../commands/isolation.ts';
import type { PinFlags } from '../commands/pin.ts';
import type { PodSecurityFlags } from '../commands/pod-security.ts';
import type { SecretsFlags } from '../commands/secrets.ts';
import { addSourceOptions, collectIds } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addGuardRails({ program, io, finish }: Setting): void {
  const command = program
    .command('guard-rails [path...]')
    .description('the checks as admission policies, so that a cluster holds to them what is written from now on')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'yaml', 'json']).default('text'))
    .option('--enforce', 'deny what nothing of the input breaks; the others go on to warn and audit')
    .option('--in <namespaces>', "namespaces where they hold (default: all but Kubernetes' own)", collectIds)
    .option('--check <ids>', 'only these checks, separated by commas', collectIds)
    .option('--skip <ids>', 'all but these checks', collectIds);
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat guard-rails ./k8s', 'which there are, and what of today they would refuse'],
        ['nowwhat guard-rails ./k8s -o yaml --output-file guard-rails.yaml', 'policies that warn and audit'],
        ['nowwhat guard-rails --context prod -A --enforce -o yaml', 'policies that deny what nothing in prod does'],
        ['nowwhat guard-rails --check privileged-container,host-pid -o yaml', 'only some, without an input'],
      ]),
    )
    .action(async (inputs: string[], flags: GuardRailsFlags) => {
      const { runGuardRails } = await import('../commands/guard-rails.ts');
      finish(await runGuardRails(inputs, flags, io));
    });
}

export function addPodSecurity({ program, io, finish }: Setting): void {
  const command = program
    .command('pod-security [path...]')
    .description(
      'the strictest Pod Security level of each namespace, what stands in the way of the next, and the labels',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--require <level>', 'exit status 1 where a namespace cannot hold it').choices([
        'baseline',
        'restricted',
      ]),
    )
    .option('--prove', 'ask the cluster itself: a server-side dry run of the labels, which stores nothing')
    .option('-y, --yes', 'agree to the dry run');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat pod-security ./k8s', 'what files would pass, by namespace'],
        ['nowwhat pod-security --context prod -A', 'every namespace of a cluster'],
        ['nowwhat pod-security --context prod -n shop --prove', "with the cluster's own answer"],
        ['nowwhat pod-security ./k8s --require restricted', 'a gate for a pipeline'],
      ]),
    )
    .action(async (inputs: string[], flags: PodSecurityFlags) => {
      const { runPodSecurity } = await import('../commands/pod-security.ts');
      finish(await runPodSecurity(inputs, flags, io));
    });
}

export function addPin({ program, io, finish }: Setting): void {
  const command = program
    .command('pin <path...>')
    .description('digests behind the images in your own files: shows the edits, and writes them where you say so')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json', 'diff']).default('text'))
    .option('--write', 'edit the files')
    .option('--digests <file>', 'a recorded list, a line IMAGE=sha256:… each, instead of the registries')
    .option('--update', 'images that have a digest too, by their tag');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat pin ./k8s', 'what the registries say their tags are now, as a diff'],
        ['nowwhat pin --write ./k8s', 'edit the files'],
        ['nowwhat pin ./k8s --context staging -n shop', 'the digests that run there, and were tested'],
        ['nowwhat pin ./k8s --digests digests.txt', 'those that a pipeline recorded'],
      ]),
    )
    .action(async (inputs: string[], flags: PinFlags) => {
      const { runPin } = await import('../commands/pin.ts');
      finish(await runPin(inputs, flags, io));
    });
}

export function addIsolation({ program, io, finish }: Setting): void {
  const command = program
    .command('isolation [path...]')
    .description('the workloads that are worth most to an intruder, what holds one there, and a plan with owners')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat isolation ./k8s', 'of files'],
        ['nowwhat isolation --context prod -n shop', 'of a cluster, with the nodes and runtimes that it has'],
      ]),
    )
    .action(async (inputs: string[], flags: IsolationFlags) => {
      const { runIsolation } = await import('../commands/isolation.ts');
      finish(await runIsolation(inputs, flags, io));
    });
}

export function addSecrets({ program, io, finish }: Setting): void {
  const command = program
    .command('secrets [path...]')
    .description('where the secrets of an app come from, who gets them and how, and a plan with owners; never a value')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat secrets ./k8s', 'of files'],
        ['nowwhat secrets --context prod -n shop', 'of a cluster; values are not read'],
      ]),
    )
    .action(async (inputs: string[], flags: SecretsFlags) => {
      const { runSecrets } = await import('../commands/secrets.ts');
      finish(await runSecrets(inputs, flags, io));
    });
}
