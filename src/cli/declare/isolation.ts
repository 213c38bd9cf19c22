// Commands that limit what a break-in can reach, and keep it so: `guard-rails`.

import { Option } from 'commander';
import type { GuardRailsFlags } from '../commands/guard-rails.ts';
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
