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

/** The words with the command in front. Throws `UserError` for a word that looks like a command misspelt. */
export function orderWords(args: readonly string[], program: Command, exists: (path: string) => boolean): string[] {
  const index = findFirstWord(args, program);
  const word = args[index];
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (word === undefined) {
    const general = args.every((arg) => ['-h', '--help', '-V', '--version'].includes(arg));
    return general ? [...args] : ['journey', ...args];
  }
  if (names.includes(word)) return [word, ...args.slice(0, index), ...args.slice(index + 1)];
  const near = exists(word) || /[./\\]/.test(word) ? undefined : suggestName(word, names);
  if (near === undefined) return ['journey', ...args];
  throw new UserError(
    'unknown-command',
    `no command and no path is called "${word}"`,
    `Did you mean ${near}? Run \`nowwhat --help\` for the commands.`,
  );
}

/** The command that the ordered words lead to, as somebody types it: `nowwhat backup describe`. */
export function nameCommand(words: readonly string[], program: Command): string {
  const names = [program.name()];
  let command: Command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    names.push(word);
    command = next;
  }
  return names.join(' ');
}
