// The commands that hold rights against what is done with them: `roles`, `unused-rights`.

import { Option } from 'commander';
import type { RolesFlags } from '../commands/roles.ts';
import type { UnusedFlags } from '../commands/unused-rights.ts';
import { addSourceOptions, collect, collectIds, rolesFormats } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addRoles({ program, io, finish }: Setting): void {
  const command = program
    .command('roles [path...]')
    .description('the smallest roles that allow what was really asked of the API, each rule with its evidence')
    .addOption(new Option('-o, --output <format>', 'format').choices(rolesFormats).default('yaml'))
    .option(
      '--audit-log <file>',
      'audit log of the API server, plain or gzipped; "-" for standard input; may be repeated',
      collect,
    )
    .option(
      '--for <subject>',
      'sa:NAMESPACE/NAME or user:NAME; may be repeated (default: all of the input, or of the log)',
      collect,
    )
    .option(
      '--widen <kinds>',
      'allow more than was seen: verbs, namespaces, generated-names, names; separated by commas',
      collectIds,
    )
    .addOption(
      new Option('--from <evidence>', 'requests of the log, calls that the input declares, or both')
        .choices(['log', 'declared', 'both'])
        .default('both'),
    )
    .option('--name <name>', 'of the roles and bindings (default: made from the subject)')
    .option('--on-top', 'what the bindings of the input give counts as given')
    .option('--alone', 'count on nothing: not even on the rights that every cluster gives to everybody');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat roles --audit-log audit.log', 'roles for everybody in the log'],
        ['nowwhat roles --audit-log audit.log.gz --for sa:shop/api', 'for one account'],
        ['nowwhat roles ./k8s', 'from kubectl in commands and scripts, and from programs that are known'],
        [
          'nowwhat roles --audit-log audit.log --widen verbs ./k8s',
          'for the accounts of an app; who lists may get and watch',
        ],
        ['nowwhat roles --audit-log audit.log -o text --context prod -n shop', 'for those of a namespace of a cluster'],
      ]),
    )
    .action(async (inputs: string[], flags: RolesFlags) => {
      const { runRoles } = await import('../commands/roles.ts');
      finish(await runRoles(inputs, flags, io));
    });
}

export function addUnusedRights({ program, io, finish }: Setting): void {
  const command = program
    .command('unused-rights [path...]')
    .description(
      'rights that were granted and not used, with smaller roles in their place, and tokens that nobody uses',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(rolesFormats).default('text'))
    .option('--audit-log <file>', 'audit log of the API server; "-" for standard input; may be repeated', collect)
    .option(
      '--for <subject>',
      'sa:NAMESPACE/NAME or user:NAME; may be repeated (default: all whom bindings name)',
      collect,
    )
    .option('--rehearse', 'try the smaller roles on the cluster of --context, on users who do not exist')
    .option('-y, --yes', 'agree to the rehearsal')
    .option('--write', 'close tokens that nobody uses in your own files');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat unused-rights --audit-log audit.log ./k8s', 'of the accounts of an app'],
        ['nowwhat unused-rights --audit-log audit.log --context prod -n shop', 'of a namespace of a cluster'],
        [
          'nowwhat unused-rights --audit-log audit.log --context prod -n shop --rehearse',
          'and try the smaller roles there',
        ],
        ['nowwhat unused-rights --audit-log audit.log -o yaml ./k8s', 'the smaller roles, and what to remove then'],
      ]),
    )
    .action(async (inputs: string[], flags: UnusedFlags) => {
      const { runUnusedRights } = await import('../commands/unused-rights.ts');
      finish(await runUnusedRights(inputs, flags, io));
    });
}
