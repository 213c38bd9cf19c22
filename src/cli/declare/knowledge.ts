// Commands about the checks themselves: `explain`, `checks`.

import { Option } from 'commander';
import { legs, owners } from '../../model/index.ts';
import type { ChecksFlags } from '../commands/checks.ts';
import type { ExplainFlags } from '../commands/explain.ts';
import { addLookOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addExplain({ program, io, finish }: Setting): void {
  addLookOptions(program.command('explain <check>').description('what a check looks at, why, and how to fix it'))
    .addHelpText('after', examples(io, [['nowwhat explain privileged-container', '']]))
    .action(async (check: string, flags: ExplainFlags) => {
      const { runExplain } = await import('../commands/explain.ts');
      finish(await runExplain(check, flags, io));
    });
}

export function addChecks({ program, io, finish }: Setting): void {
  addLookOptions(program.command('checks').description('the list of all checks'))
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--family <name>', 'only this family')
    .addOption(new Option('--leg <leg>', 'only this leg').choices(legs))
    .addOption(new Option('--role <role>', 'only what this person has to do').choices(owners))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat checks --leg security --role developer', ''],
        ['nowwhat checks --family network -o json', ''],
      ]),
    )
    .action(async (flags: ChecksFlags) => {
      const { runChecksCommand } = await import('../commands/checks.ts');
      finish(runChecksCommand(flags, io));
    });
}
