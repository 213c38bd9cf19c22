// The command line as the program declares it, for tests that hold texts to it.

import type { Command } from 'commander';
import type { Io } from '../../src/cli/io.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createStyle } from '../../src/cli/style.ts';

export const silentIo: Io = {
  program: 'nowwhat',
  version: '0.0.0',
  style: createStyle(false),
  errorStyle: createStyle(false),
  fileStyle: createStyle(false),
  width: 100,
  out: () => undefined,
  err: () => undefined,
  stdin: () => Promise.resolve(new Uint8Array()),
  stdinPieces: async function* () {},
  environment: {},
  today: '2026-11-29',
  now: () => '2026-11-29T00:00:00Z',
  interactive: false,
  converse: () => Promise.reject(new Error('nobody is there')),
  pages: new URL('file:///'),
  whileRunning: (_cleanUp, work) => work(),
};

export interface Declared {
  /** `backup create`; the program itself has an empty one. */
  readonly path: string;
  readonly command: Command;
  /** Long and short, without values. */
  readonly options: ReadonlySet<string>;
}

/** A command of a path, and all below it. */
export function below(command: Command, path: string): Declared[] {
  const options = new Set(command.options.flatMap(({ long, short }) => [long ?? [], short ?? []].flat()));
  const own = { path, command, options: new Set([...options, '--help', '-h']) };
  return [own, ...command.commands.flatMap((each) => below(each, `${path} ${each.name()}`.trim()))];
}

/** Every command with those below it, hidden ones too, but for what only the shell calls: its words are no command of the user's. */
export function declaredCommands(): Declared[] {
  const all = below(
    createProgram(silentIo, () => undefined),
    '',
  );
  return all.filter(({ path }) => !path.startsWith('__'));
}

/** The longest command that these words begin with. Words of the program alone are short for `journey`. */
export function commandOf(declared: readonly Declared[], words: readonly string[]): Declared | undefined {
  const named = words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0);
  for (let length = named.length; length > 0; length -= 1) {
    const found = declared.find(({ path }) => path === named.slice(0, length).join(' '));
    if (found !== undefined) return found;
  }
  return declared.find(({ path }) => path === 'journey');
}
