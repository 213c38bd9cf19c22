// Puts a finished report where the user wants it; a file appears whole or not at all.

import { rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '../model/index.ts';
import type { Io } from './io.ts';
import type { Rendering } from './reporters/reporter.ts';

export interface Destination {
  readonly file?: string | undefined;
  /** Nothing on standard output, and no word about the file. */
  readonly quiet?: boolean | undefined;
}

async function writeAside(text: Rendering, file: string, io: Io): Promise<void> {
  const aside = `${file}.part-${process.pid}`;
  const cleanUp = (): void => rmSync(aside, { force: true });
  try {
    await io.whileRunning(cleanUp, async () => {
      await writeFile(aside, text);
      await rename(aside, file);
    });
  } catch (cause) {
    await rm(aside, { force: true });
    throw new UserError(
      'output-failed',
      `${file} cannot be written`,
      'Choose a folder that exists and that you may write to.',
      cause,
    );
  }
}

/** Piece by piece, so that a large report is not queued in memory. */
async function writeOut(text: Rendering, { out, drained }: Io): Promise<void> {
  for (const piece of typeof text === 'string' ? [text] : text) {
    out(piece);
    await drained?.();
  }
}

export async function writeOutput(text: Rendering, { file, quiet = false }: Destination, io: Io): Promise<void> {
  if (file !== undefined) await writeAside(text, file, io);
  if (quiet) return;
  if (file === undefined) await writeOut(text, io);
  else io.err(`${io.errorStyle.dim(`wrote ${file}`)}\n`);
}
