// The completion script for fish.

import { type Described, type DescribedFlag, isFirst } from './describe-commands.ts';
import { quote } from './quote.ts';

function seen({ path }: Described): string {
  return path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
}

function valueOf({ takesValue, values, isNamed }: DescribedFlag): string {
  if (isNamed) return " -x -a '(__nowwhat_names)'";
  if (values.length > 0) return ` -x -a '${values.join(' ')}'`;
  return takesValue ? ' -r' : '';
}

function flagLine(each: Described, flag: DescribedFlag): string {
  const short = flag.short === undefined ? '' : ` -s ${flag.short.slice(1)}`;
  return `complete -c nowwhat -n '${seen(each)}'${short} -l ${flag.long.slice(2)} -d '${quote(flag.summary)}'${valueOf(flag)}`;
}

function linesOf(each: Described): string[] {
  const { path, summary, flags, children, isNamed } = each;
  const words = children.join(' ');
  const own = words === '' ? seen(each) : `${seen(each)}; and not __fish_seen_subcommand_from ${words}`;
  return [
    ...(isFirst(each) ? [`complete -c nowwhat -n __fish_use_subcommand -a ${path} -d '${quote(summary)}'`] : []),
    ...(words === '' ? [] : [`complete -c nowwhat -n '${own}' -a '${words}'`]),
    ...(isNamed ? [`complete -c nowwhat -n '${own}' -f -a '(__nowwhat_names)'`] : []),
    ...flags.map((flag) => flagLine(each, flag)),
  ];
}

export function renderFish(commands: readonly Described[], ids: readonly string[]): string {
  return `# fish completion for nowwhat
function __nowwhat_names
  set -l line (commandline -opc)
  set -l current (commandline -ct)
  $line[1] __complete -- $line[2..-1] "$current" 2>/dev/null </dev/null
end
${commands.flatMap(linesOf).join('\n')}
complete -c nowwhat -n '__fish_seen_subcommand_from explain' -x -a '${ids.join(' ')}'
`;
}
