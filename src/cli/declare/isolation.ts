// Commands that limit what a break-in can reach, and keep it so: `isolation`, `secrets`, `pod-security`, `pin`,
// `signature-policy`, `guard-rails`.

import { Option } from 'commander';
import type { GuardRailsFlags } from '../commands/guard-rails.ts';
import type { IsolationFlags } from '../commands/isolation.ts';
import type { PinFlags } from '../commands/pin.ts';
import type { PodSecurityFlags } from '../commands/pod-security.ts';
import type { SecretsFlags } from '../commands/secrets.ts';
import type { SignaturePolicyFlags } from '../commands/signature-policy.ts';
import { addDecisionOptions, addSourceOptions, collect, collectIds } from '../options.ts';
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
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json', 'yaml']).default('text'))
    .addOption(
      new Option('--require <level>', 'exit status 1 where a namespace cannot hold it').choices([
        'baseline',
        'restricted',
      ]),
    )
    .option('--enforce', 'in the YAML, the labels that enforce what holds too, beside those that warn and audit')
    .option('--prove', 'ask the cluster itself: a server-side dry run of the labels, which stores nothing')
    .option('-y, --yes', 'agree to the dry run');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat pod-security ./k8s', 'what files would pass, by namespace'],
        ['nowwhat pod-security --context prod -A', 'every namespace of a cluster'],
        ['nowwhat pod-security --context prod -n shop --prove', "with the cluster's own answer"],
        [
          'nowwhat pod-security --context prod -A -o yaml --output-file labels.yaml',
          'namespaces with labels that warn',
        ],
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
    .addOption(new Option('-o, --output <where>', 'text, json, or the file to write a plan to').default('text'));
  addDecisionOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat isolation ./k8s', 'of files'],
        ['nowwhat isolation --context prod -n shop', 'of a cluster, with the nodes and runtimes that it has'],
        ['nowwhat isolation ./k8s -o plan.json', 'the steps that are edits, as a plan for apply and undo'],
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
    .addOption(new Option('-o, --output <where>', 'text, json, or the file to write a plan to').default('text'));
  addDecisionOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat secrets ./k8s', 'of files'],
        ['nowwhat secrets --context prod -n shop', 'of a cluster; values are not read'],
        [
          'nowwhat secrets ./k8s --choose secret-as-env=mount-files -o plan.json',
          'the steps that are edits, as a plan for apply and undo',
        ],
      ]),
    )
    .action(async (inputs: string[], flags: SecretsFlags) => {
      const { runSecrets } = await import('../commands/secrets.ts');
      finish(await runSecrets(inputs, flags, io));
    });
}

export function addSignaturePolicy({ program, io, finish }: Setting): void {
  const command = program
    .command('signature-policy [path...]')
    .description('a policy of Kyverno or of the Sigstore policy controller that verifies who signed your images')
    .requiredOption(
      '--images <prefix>',
      'registry and repository, or its beginning up to a slash; may be repeated',
      collect,
    )
    .option('--key <file>', 'public key of the signer, in PEM')
    .option('--issuer <url>', 'who vouches for a signer without keys: https://token.actions.githubusercontent.com')
    .option('--identity <regex>', 'the signer itself, as the certificate names it')
    .addOption(
      new Option('--engine <name>', 'instead of the one that is seen').choices(['kyverno', 'policy-controller']),
    )
    .option('--enforce', 'refuse what is not signed, instead of telling')
    .option('--in <namespaces>', 'namespaces where it holds (default: all)', collectIds)
    .addOption(new Option('-o, --output <format>', 'format').choices(['yaml', 'json']).default('yaml'));
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat signature-policy --context prod --images ghcr.io/team/ --key cosign.pub', 'for what prod has'],
        ['nowwhat signature-policy --engine kyverno --images ghcr.io/team/web --key cosign.pub --enforce', ''],
      ]),
    )
    .action(async (inputs: string[], flags: SignaturePolicyFlags) => {
      const { runSignaturePolicy } = await import('../commands/signature-policy.ts');
      finish(await runSignaturePolicy(inputs, flags, io));
    });
}
