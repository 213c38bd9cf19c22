// What the declaration of a command gets, and how its examples are shown.

import type { Command } from 'commander';
import type { Io } from '../io.ts';

export interface Setting {
  readonly program: Command;
  readonly io: Io;
  /** Gets the exit status of the command that ran. */
  readonly finish: (status: number) => void;
}

/** Rows of a command and what it is for. The first word becomes the name that the program was called by. */
export function examples(io: Io, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([command]) => command.length)) + io.program.length - 'nowwhat'.length;
  const lines = rows.map(([command, what]) =>
    `  ${command.replace('nowwhat', io.program).padEnd(width)}  ${what}`.trimEnd(),
  );
  return `\n${rows.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`;
}
