// Options about the databases of an app: what is in them, and their files.

import type { Command } from 'commander';
import type { HoldWish } from '../backup/index.ts';
import { UserError } from '../model/index.ts';
import { toMilliseconds } from './flags.ts';
import { collect } from './options.ts';

export interface DatabaseFlags {
  readonly dump?: readonly string[];
  readonly hold?: readonly string[];
  readonly holdFor?: string;
}

export function addDatabaseOptions(command: Command): Command {
  return command
    .option(
      '--dump <what>',
      'save the content of databases too: auto, or a pod or workload, NAME=postgresql where its image does not tell; may be repeated',
      collect,
    )
    .option(
      '--hold <what>',
      'keep the files of Redis and MongoDB still while their volumes are saved: auto, or a pod or workload; may be repeated',
      collect,
    )
    .option('--hold-for <duration>', 'how long they are held at most', '10m');
}

/** Nothing where no database is to be held. Throws `UserError`. */
export function toHolds(flags: DatabaseFlags & { readonly hooks?: boolean }): HoldWish | undefined {
  const { hold = [], holdFor = '10m', hooks } = flags;
  if (hold.length === 0) return undefined;
  if (hooks !== false) return { texts: hold, seconds: Math.ceil(toMilliseconds(holdFor, 1000) / 1000) };
  const what = '--hold runs commands in pods, and --no-hooks forbids them';
  throw new UserError('invalid-option', what, 'Leave one away.');
}
