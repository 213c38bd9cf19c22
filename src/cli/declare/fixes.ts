// The command that puts findings right: `fix`.

import { Option } from 'commander';
import type { FixFlags } from '../commands/fix-flags.ts';
import { addChangeOptions, addFixOptions } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addFix({ program, io, finish }: Setting): void {
  const command = program
    .command('fix [check-or-path...]')
    .description(
      'put findings right in your own files or in a cluster: shows what would change, and does it where you say so',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json', 'diff']).default('text'))
    .option('--write', 'edit the files; of a cluster, ask and then change it')
    .option('-i, --interactive', 'go through the findings in files one by one');
  addFixOptions(addChangeOptions(command))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat fix ./k8s', 'what could be edited, as a diff'],
        ['nowwhat fix --write ./k8s', 'edit the files; comments and formatting stay'],
        ['nowwhat fix privilege-escalation ./k8s', 'only the findings of one check'],
        ['nowwhat fix --to security=4 ./k8s', 'the steps to a level, in a safe order, and what stays for whom'],
        ['nowwhat fix network ./k8s', 'network policies from declared calls, with the proof that none is cut'],
        ['nowwhat fix network --flows flows.jsonl ./k8s', 'policies from what was seen, too'],
        ['nowwhat fix --interactive ./k8s', 'one finding after the other: yes, no, or a choice'],
        ['nowwhat fix --choose memory-limit-missing=name-limit:512Mi ./k8s', 'take a choice that was offered'],
        ['nowwhat fix -o diff ./k8s | git apply -p0', 'a patch'],
        ['nowwhat fix --context minikube -n shop', 'what the server says to the changes of a cluster'],
        ['nowwhat fix --context minikube -n shop --write', 'change it, watch the app, and take it back on trouble'],
      ]),
    )
    .action(async (words: string[], flags: FixFlags) => {
      const { runFix } = await import('../commands/fix.ts');
      finish(await runFix(words, flags, io));
    });
}
