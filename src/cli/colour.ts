// Whether to colour: what the user says on the command line, then in the environment, then what the output is.

import type { Io } from './io.ts';

export interface ColourChoice {
  readonly args: readonly string[];
  readonly environment: Io['environment'];
}

/** The last `--color` counts, as with any option. Read before the command line is parsed, because its errors are coloured too. */
function readFlag(args: readonly string[]): string | undefined {
  const ends = args.indexOf('--');
  const own = ends === -1 ? args : args.slice(0, ends);
  const apart = own.lastIndexOf('--color');
  const joined = own.findLastIndex((arg) => arg.startsWith('--color='));
  if (joined > apart) return own[joined]?.slice('--color='.length);
  return apart === -1 ? undefined : own[apart + 1];
}

/** See no-color.org and force-color.org: NO_COLOR and FORCE_COLOR count where they are set and not empty. */
export function wantsColour({ args, environment }: ColourChoice, terminal: boolean): boolean {
  const flag = readFlag(args);
  if (flag === 'always') return true;
  if (flag === 'never' || (environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return terminal && environment['TERM'] !== 'dumb';
}
