// `completion`: scripts for bash, zsh and fish, made from the program's own commands and options.

import type { Command } from 'commander';
import { builtInChecks } from '../../checks/index.ts';
import type { Io } from '../io.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Described {
  readonly name: string;
  readonly summary: string;
  /** Commands of the command: `why` of `network`. */
  readonly children: readonly string[];
  readonly flags: readonly { readonly long: string; readonly summary: string; readonly values: readonly string[] }[];
}

function describe(program: Command): Described[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    children: command.commands.map((each) => each.name()),
    flags: command.options.flatMap(({ long, description, argChoices }) =>
      typeof long === 'string' ? [{ long, summary: description, values: argChoices ?? [] }] : [],
    ),
  }));
}

function bash(commands: readonly Described[], ids: readonly string[]): string {
  const cases = commands
    .map(({ name, flags, children }) => {
      const words = [...children, ...flags.map(({ long }) => long)];
      return `    ${name}) words="${words.join(' ')}" ;;`;
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
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  case "$previous" in
${values}
    --check|--skip|explain) COMPREPLY=($(compgen -W "${ids.join(' ')}" -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases}
    *) words="${commands.map(({ name }) => name).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _nowwhat nowwhat kubectl-nowwhat
`;
}

const quote = (text: string): string =>
  text.replaceAll("'", '').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ' ');

function zsh(commands: readonly Described[], ids: readonly string[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join('\n');
  const cases = commands
    .map(({ name, flags, children }) => {
      const options = flags
        .map(
          ({ long, summary, values }) =>
            `'${long}[${quote(summary)}]${values.length === 0 ? '' : `:value:(${values.join(' ')})`}'`,
        )
        .join(' ');
      const first = name === 'explain' ? '$ids' : children.join(' ');
      const rest = first === '' ? "'*:path:_files'" : `'1:word:(${first})' '*:path:_files'`;
      return `    ${name}) _arguments ${options} ${rest} ;;`;
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
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases}
  esac
}
compdef _nowwhat nowwhat kubectl-nowwhat
`;
}

function fish(commands: readonly Described[], ids: readonly string[]): string {
  const lines = commands.flatMap(({ name, summary, flags, children }) => [
    `complete -c nowwhat -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`,
    ...(children.length === 0
      ? []
      : [`complete -c nowwhat -n '__fish_seen_subcommand_from ${name}' -a '${children.join(' ')}'`]),
    ...flags.map(({ long, summary: words, values }) => {
      const choices = values.length === 0 ? '' : ` -x -a '${values.join(' ')}'`;
      return `complete -c nowwhat -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)} -d '${quote(words)}'${choices}`;
    }),
  ]);
  return `# fish completion for nowwhat\n${lines.join('\n')}\ncomplete -c nowwhat -n '__fish_seen_subcommand_from explain' -x -a '${ids.join(' ')}'\n`;
}

export function runCompletion(shell: Shell, program: Command, io: Io): number {
  const ids = builtInChecks.map(({ meta }) => meta.id);
  const script = { bash, zsh, fish }[shell];
  io.out(script(describe(program), ids));
  return 0;
}
