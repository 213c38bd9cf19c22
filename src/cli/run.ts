// Runs the command line and turns what goes wrong into a message and an exit status.

import { existsSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { UserError } from '../model/errors.ts';
import { SeveralErrors } from './all-at-once.ts';
import { findCommand, nameCommand, orderWords } from './arguments.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { visible } from './style.ts';

interface Told {
  readonly what: string;
  readonly code: string;
  readonly advice: string;
}

function tell({ what, code, advice }: Told, { err, errorStyle }: Io): number {
  err(`${errorStyle.bad('nowwhat:')} ${visible(what)} ${errorStyle.dim(`[${code}]`)}\n  ${visible(advice)}\n`);
  return 2;
}

/** Commander's own words, without its prefix; its suggestions stand on a line of their own. */
function tellUsageError({ message, exitCode, code }: CommanderError, command: Command, io: Io): number {
  if (exitCode === 0) return 0;
  // The help of a command that needs another word behind it has been shown, and says which.
  if (code === 'commander.help') return 2;
  const [what = '', ...hints] = message.replace(/^error: /, '').split('\n');
  const name = nameCommand(command);
  const usage = code === 'commander.missingArgument' ? `Write: ${name} ${command.usage()}. ` : '';
  const help = `${usage}Run \`${name} --help\` for commands and options.`;
  const hint = hints.map((each) => each.replace(/^\((.*)\)$/, '$1')).join(' ');
  return tell({ what, code: 'invalid-option', advice: hint === '' ? help : `${hint} ${help}` }, io);
}

function tellBug(error: unknown, { err, errorStyle, version }: Io): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(
    `${errorStyle.bad('nowwhat: this is a bug in nowwhat, not in your app.')}\n${stack}\n\n` +
      `nowwhat ${version}, Node.js ${process.version}, ${process.platform} ${process.arch}\n` +
      '  Please report it: the text above, the command you ran, and if you can the smallest input that does it. Leave secrets out.\n',
  );
  return 3;
}

function tellError(error: unknown, command: Command, io: Io): number {
  if (error instanceof SeveralErrors) return Math.max(...error.errors.map((each) => tellError(each, command, io)));
  if (error instanceof UserError) return tell({ what: error.message, code: error.code, advice: error.advice }, io);
  if (error instanceof CommanderError) return tellUsageError(error, command, io);
  return tellBug(error, io);
}

/** Exit status: 0 clean, 1 findings, 2 user error, 3 our bug. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  let status = 0;
  const finish = (result: number): void => {
    status = result;
  };
  const program = createProgram(io, finish, args[0]);
  let words = args;
  try {
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    words = orderWords(args, program, existsSync);
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return tellError(error, findCommand(words, program), io);
  }
}
