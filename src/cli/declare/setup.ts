// Commands that set things up: `init`, `completion`.

import { Argument } from 'commander';
import { addLookOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addSetup({ program, io, finish }: Setting): void {
  addLookOptions(
    program.command('init [folder]').description('write a commented nowwhat.yaml, never over an existing one'),
  )
    .addHelpText('after', examples(io, [['nowwhat init ./k8s', '']]))
    .action(async (folder: string | undefined) => {
      const { runInit } = await import('../commands/init.ts');
      finish(await runInit(folder ?? '.', io));
    });
  addLookOptions(program.command('completion').description('completion script for your shell'))
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(io, [
        ['source <(nowwhat completion bash)', 'for this shell; put it into ~/.bashrc for all'],
        ['nowwhat completion zsh > "${fpath[1]}/_nowwhat"', ''],
        ['nowwhat completion fish > ~/.config/fish/completions/nowwhat.fish', ''],
      ]),
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { runCompletion } = await import('../commands/completion.ts');
      finish(runCompletion(shell, program, io));
    });
  // Called by the scripts, with the words that are typed so far.
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      const { runComplete } = await import('../commands/completion.ts');
      finish(await runComplete(words, program, io));
    });
}
