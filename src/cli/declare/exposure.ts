// The command that looks which doors are open: `probe`.

import { Option } from 'commander';
import type { ProbeFlags } from '../commands/probe.ts';
import { addClusterOnlyOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addProbe({ program, io, finish }: Setting): void {
  const command = program
    .command('probe')
    .description('which doors of a cluster are open to somebody without a login, from here and from inside')
    .addOption(
      new Option('--from <where>', 'from this machine, from a short-lived pod, or both')
        .choices(['outside', 'inside', 'both'])
        .default('outside'),
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option(
      '--image <image>',
      'of the pod that looks from inside; it needs sleep and nc',
      'docker.io/library/busybox:1.37',
    )
    .option('--plan', 'only show what would be asked')
    .option('-y, --yes', 'agree to the plan');
  addClusterOnlyOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat probe --context prod --plan', 'which addresses would be asked, and who names them'],
        ['nowwhat probe --context prod', 'ask them from here'],
        ['nowwhat probe --context prod --from both -n shop --yes', 'and from a pod in the namespace shop'],
        [
          'nowwhat probe --context prod --yes -o json --output-file probe.json',
          'evidence for nowwhat --evidence probe.json',
        ],
      ]),
    )
    .action(async (flags: ProbeFlags) => {
      const { runProbe } = await import('../commands/probe.ts');
      finish(await runProbe(flags, io));
    });
}
