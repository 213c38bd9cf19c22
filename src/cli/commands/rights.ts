// `who-can` and `what-can`: rights as they hold, with the bindings that give them.

import { readApp } from '../../app/read-app.ts';
import { answerWhatCan, answerWhoCan } from '../../app/roles/rights.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { parseWidth, type SourceFlags, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderWhatCan, renderWhoCan } from '../reporters/rights.ts';
import { writeOutput } from '../write-output.ts';

export interface RightsFlags extends SourceFlags {
  readonly output: 'text' | 'json';
}

export interface WhoCanFlags extends RightsFlags {
  readonly name?: string;
}

interface Source {
  readonly inventory: Inventory;
  readonly minor: number;
}

async function read(inputs: readonly string[], flags: RightsFlags, io: Io): Promise<Source> {
  const { stdin, environment, today } = io;
  // Of files, the namespace limits the answer and not what is read.
  const { namespace: _, ...files } = flags;
  const reading = flags.context === undefined ? files : flags;
  const { snapshot } = await withProgress(io, flags.quiet ?? false, (progress) =>
    readApp(toReadWish(inputs, reading), { stdin, environment, today, progress }),
  );
  return { inventory: await prepareInventory(snapshot), minor: snapshot.facts.minor };
}

async function write<T>(answer: T, flags: RightsFlags, render: (answer: T) => string, io: Io): Promise<number> {
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : render(answer);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}

function lookOf(flags: RightsFlags, io: Io) {
  return {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
}

export async function runWhoCan(
  [verb = '', what = '']: readonly string[],
  inputs: readonly string[],
  flags: WhoCanFlags,
  io: Io,
): Promise<number> {
  const { inventory, minor } = await read(inputs, flags, io);
  const answer = answerWhoCan(inventory, { verb, what, name: flags.name, namespace: flags.namespace, minor });
  return write(answer, flags, (each) => renderWhoCan(each, lookOf(flags, io)), io);
}

export async function runWhatCan(
  subject: string,
  inputs: readonly string[],
  flags: RightsFlags,
  io: Io,
): Promise<number> {
  const { inventory, minor } = await read(inputs, flags, io);
  return write(answerWhatCan(inventory, subject, minor), flags, (each) => renderWhatCan(each, lookOf(flags, io)), io);
}
