// A command that is declared alone is the one that the whole command line has.

import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { below, silentIo } from './command-line.ts';

const whole = createProgram(silentIo, () => undefined);
const setup = ['init', 'completion', '__complete'];
const names = whole.commands.map((command) => command.name());
const alone = names.filter((name) => !setup.includes(name));

function helpOf(first: string | undefined, name: string): string[] {
  const program = createProgram(silentIo, () => undefined, first);
  return below(program, '').flatMap(({ path, command }) =>
    path.split(' ')[0] === name ? command.helpInformation() : [],
  );
}

it.each(alone)('%s', (name) => {
  expect(helpOf(name, name)).toEqual(helpOf(undefined, name));
  // Two commands of one shape are declared together.
  expect(createProgram(silentIo, () => undefined, name).commands.length).toBeLessThan(3);
});

it.each([...setup, 'help', '--help', './k8s', 'backups'])('whatever begins with %s has all of them', (first) => {
  expect(createProgram(silentIo, () => undefined, first).commands.map((command) => command.name())).toEqual(names);
});
