// Finds the command in the words of the command line: it may stand anywhere, and `nowwhat PATH` means `nowwhat journey PATH`.

import type { Command } from 'commander';
import { suggestName } from '../app/suggest-name.ts';
import { UserError } from '../model/errors.ts';

/** Options of any command whose value is the next word. */
function valueOptions(program: Command): ReadonlySet<string> {
  const options = [program, ...program.commands].flatMap((command) => command.options);
  const taking = options.filter(({ required, optional }) => required || optional);
  return new Set(taking.flatMap(({ short, long }) => [short, long].filter((each) => typeof each === 'string')));
}

/** Index of the first word that is neither an option nor an option's value; -1 for none. */
function findFirstWord(args: readonly string[], program: Command): number {
  const taking = valueOptions(program);
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') return index + 1 < args.length ? index : -1;
    if (arg === '-' || !arg.startsWith('-')) return index;
    if (taking.has(arg)) index += 1;
  }
  return -1;
}

/** As somebody types it: `nowwhat backup describe`. */
export function nameCommand(command: Command): string {
  return command.parent === null ? command.name() : `${nameCommand(command.parent)} ${command.name()}`;
}

function unknownCommand(what: string, word: string, command: Command): UserError {
  const near = suggestName(
    word,
    command.commands.map((each) => each.name()).filter((name) => !name.startsWith('__')),
  );
  const help = `Run \`${nameCommand(command)} --help\` for the commands.`;
  return new UserError('unknown-command', what, near === undefined ? help : `Did you mean ${near}? ${help}`);
}

/** `help backup create` asks what `backup create --help` does. Throws `UserError` for a word that is no command. */
function orderHelp(words: readonly string[], program: Command): string[] {
  let command = program;
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined && command.commands.length > 0)
      throw unknownCommand(`no command is called "${word}"`, word, command);
    command = next ?? command;
  }
  return [...words, '--help'];
}

/** The words with the command in front. Throws `UserError` for a word that looks like a command misspelt. */
export function orderWords(args: readonly string[], program: Command, exists: (path: string) => boolean): string[] {
  const index = findFirstWord(args, program);
  const word = args[index];
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (word === undefined) {
    const general = args.every((arg) => ['-h', '--help', '-V', '--version'].includes(arg));
    return general ? [...args] : ['journey', ...args];
  }
  if (word === 'help') return orderHelp([...args.slice(0, index), ...args.slice(index + 1)], program);
  if (names.includes(word)) return [word, ...args.slice(0, index), ...args.slice(index + 1)];
  const near = exists(word) || /[./\\]/.test(word) ? undefined : suggestName(word, names);
  if (near === undefined) return ['journey', ...args];
  throw unknownCommand(`no command and no path is called "${word}"`, word, program);
}

/** The command that the ordered words lead to. */
export function findCommand(words: readonly string[], program: Command): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
  }
  return command;
}
