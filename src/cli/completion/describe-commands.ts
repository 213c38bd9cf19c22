// The commands and options of the program as completion scripts need them.

import type { Command, Option } from 'commander';
import { namedOptions, namedWords, ownOptions } from './named-words.ts';

export interface DescribedFlag {
  readonly long: string;
  readonly short: string | undefined;
  readonly summary: string;
  readonly takesValue: boolean;
  /** Words that it takes; empty for any. */
  readonly values: readonly string[];
  /** Its value is a name that the program is asked for. */
  readonly isNamed: boolean;
}

export interface Described {
  /** `backup create`: a command with those that it stands behind. */
  readonly path: string;
  readonly summary: string;
  /** Commands of the command: `why` of `network`. */
  readonly children: readonly string[];
  readonly flags: readonly DescribedFlag[];
  /** Words behind it are names that the program is asked for. */
  readonly isNamed: boolean;
}

function describeFlag(path: string, option: Option): DescribedFlag[] {
  const { long, short, description, argChoices, required, optional } = option;
  if (typeof long !== 'string') return [];
  const isNamed = (namedOptions[long] ?? ownOptions[`${path} ${long}`]) !== undefined;
  return [{ long, short, summary: description, takesValue: required || optional, values: argChoices ?? [], isNamed }];
}

/** What only scripts call is not offered. */
const isShown = (command: Command): boolean => !command.name().startsWith('_');

/** Commands of a command before it: the longest that fits is the one. */
export function describeCommands(program: Command, before = ''): Described[] {
  return program.commands.filter(isShown).flatMap((command) => {
    const path = `${before}${command.name()}`;
    const described = {
      path,
      summary: command.description(),
      children: command.commands.map((each) => each.name()),
      flags: command.options.flatMap((option) => describeFlag(path, option)),
      isNamed: namedWords[path] !== undefined,
    };
    return [...describeCommands(command, `${path} `), described];
  });
}

export const isFirst = ({ path }: Described): boolean => !path.includes(' ');

/** For `case` of a shell: the command, and whatever stands behind it. */
export const patternOf = (each: Described): string =>
  isFirst(each) ? `${each.path}|'${each.path} '*` : `'${each.path}'`;
