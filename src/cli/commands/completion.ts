// `completion`: scripts for bash, zsh and fish, made from the program's own commands and options.

import type { Command } from 'commander';
import { builtInChecks } from '../../checks/index.ts';
import type { Io } from '../io.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Described {
  /** `backup create`: a command with those that it stands behind. */
  readonly path: string;
  readonly summary: string;
  /** Commands of the command: `why` of `network`. */
  readonly children: readonly string[];
  readonly flags: readonly { readonly long: string; readonly summary: string; readonly values: readonly string[] }[];
}

/** Commands of a command before it: the longest that fits is the one. */
function describe(program: Command, before = ''): Described[] {
  return program.commands.flatMap((command) => {
    const path = `${before}${command.name()}`;
    const described = {
      path,
      summary: command.description(),
      children: command.commands.map((each) => each.name()),
      flags: command.options.flatMap(({ long, description, argChoices }) =>
        typeof long === 'string' ? [{ long, summary: description, values: argChoices ?? [] }] : [],
      ),
    };
    return [...describe(command, `${path} `), described];
  });
}

const isFirst = ({ path }: Described): boolean => !path.includes(' ');

/** For `case` of a shell: the command, and whatever stands behind it. */
const patternOf = (each: Described): string => (isFirst(each) ? `${each.path}|'${each.path} '*` : `'${each.path}'`);

function bash(commands: readonly Described[], ids: readonly string[]): string {
  const cases = commands
    .map((each) => {
      const words = [...each.children, ...each.flags.map(({ long }) => long)];
      return `    ${patternOf(each)}) words="${words.join(' ')}" ;;`;
    })
    .join('\n');
  const choices = commands.flatMap(({ flags }) => flags).filter(({ values }) => values.length > 0);
  const byFlag = new Map<string, Set<string>>();
  for (const { long, values: words } of choices) byFlag.set(long, new Set([...(byFlag.get(long) ?? []), ...words]));
  const values = [...byFlag]
    .map(
      ([long, words]) =>
        `    ${long}${long === '--output' ? '|-o' : ''}) COMPREPLY=($(compgen -W "${[...words].join(' ')}" -- "$current")); return ;;`,
    )
    .join('\n');
  return `# bash completion for nowwhat
_nowwhat() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" place=""
  case "$previous" in
${values}
    --check|--skip|explain) COMPREPLY=($(compgen -W "${ids.join(' ')}" -- "$current")); return ;;
  esac
  (( COMP_CWORD > 1 )) && place="\${COMP_WORDS[1]}"
  (( COMP_CWORD > 2 )) && place="$place \${COMP_WORDS[2]}"
  case "$place" in
${cases}
    *) words="${commands
      .filter(isFirst)
      .map(({ path }) => path)
      .join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _nowwhat nowwhat kubectl-nowwhat
`;
}

const quote = (text: string): string =>
  text.replaceAll("'", '').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ' ');

function zsh(commands: readonly Described[], ids: readonly string[]): string {
  const list = commands
    .filter(isFirst)
    .map(({ path, summary }) => `    '${path}:${quote(summary)}'`)
    .join('\n');
  const cases = commands
    .map((each) => {
      const options = each.flags
        .map(
          ({ long, summary, values }) =>
            `'${long}[${quote(summary)}]${values.length === 0 ? '' : `:value:(${values.join(' ')})`}'`,
        )
        .join(' ');
      const first = each.path === 'explain' ? '$ids' : each.children.join(' ');
      const rest = first === '' ? "'*:path:_files'" : `'1:word:(${first})' '*:path:_files'`;
      const depth = each.path.split(' ').length;
      return `    ${patternOf(each)}) shift ${depth} words; (( CURRENT -= ${depth} )); _arguments ${options} ${rest} ;;`;
    })
    .join('\n');
  return `#compdef nowwhat kubectl-nowwhat
_nowwhat() {
  local -a commands ids
  ids=(${ids.join(' ')})
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    return
  fi
  local place=\${words[2]}
  (( CURRENT > 3 )) && place="$place \${words[3]}"
  case "$place" in
${cases}
  esac
}
compdef _nowwhat nowwhat kubectl-nowwhat
`;
}

function fish(commands: readonly Described[], ids: readonly string[]): string {
  const seen = (path: string): string =>
    path
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
  const lines = commands.flatMap((each) => {
    const { path, summary, flags, children } = each;
    const words = children.join(' ');
    return [
      ...(isFirst(each) ? [`complete -c nowwhat -n __fish_use_subcommand -a ${path} -d '${quote(summary)}'`] : []),
      ...(words === ''
        ? []
        : [`complete -c nowwhat -n '${seen(path)}; and not __fish_seen_subcommand_from ${words}' -a '${words}'`]),
      ...flags.map(({ long, summary: about, values }) => {
        const choices = values.length === 0 ? '' : ` -x -a '${values.join(' ')}'`;
        return `complete -c nowwhat -n '${seen(path)}' -l ${long.slice(2)} -d '${quote(about)}'${choices}`;
      }),
    ];
  });
  return `# fish completion for nowwhat\n${lines.join('\n')}\ncomplete -c nowwhat -n '__fish_seen_subcommand_from explain' -x -a '${ids.join(' ')}'\n`;
}

export function runCompletion(shell: Shell, program: Command, io: Io): number {
  const ids = builtInChecks.map(({ meta }) => meta.id);
  const script = { bash, zsh, fish }[shell];
  io.out(script(describe(program), ids));
  return 0;
}
