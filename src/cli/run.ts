// Runs the command line and turns what goes wrong into a message and an exit status.

import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { UserError } from '../model/errors.ts';
import type { Io } from './io.ts';
import { createProgram, withDefaultCommand } from './program.ts';
import { visible } from './style.ts';

function tellUserError({ message, advice, code }: UserError, io: Io): number {
  io.err(`${io.style.bad('nowwhat:')} ${visible(message)} ${io.style.dim(`[${code}]`)}\n  ${visible(advice)}\n`);
  return 2;
}

function tellUsageError(error: CommanderError, io: Io): number {
  if (error.exitCode === 0) return 0;
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  if (message !== '(outputHelp)')
    io.err(
      `${io.style.bad('nowwhat:')} ${visible(message)} ${io.style.dim('[invalid-option]')}\n  Run \`${io.program} --help\` for commands and options.\n`,
    );
  return 2;
}

function tellBug(error: unknown, io: Io): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(
    `${io.style.bad('nowwhat: this is a bug in nowwhat.')}\n${stack}\n\nnowwhat ${io.version}, Node.js ${process.version}, ${process.platform}\n` +
      '  Please report it with the text above and the command you ran; leave secrets out.\n',
  );
  return 3;
}

/** Exit status: 0 clean, 1 findings, 2 user error, 3 our bug. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  let status = 0;
  const program = createProgram(io, (result) => {
    status = result;
  });
  try {
    const names = program.commands.map((command) => command.name());
    const words = withDefaultCommand(args, names, existsSync);
    if (words.length === 0) {
      io.out(program.helpInformation());
      return 0;
    }
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof UserError) return tellUserError(error, io);
    if (error instanceof CommanderError) return tellUsageError(error, io);
    return tellBug(error, io);
  }
}
