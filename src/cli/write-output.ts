// Puts a finished report where the user wants it; a file appears whole or not at all.

import { rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '../model/index.ts';
import type { Io } from './io.ts';
import type { Rendering } from './reporters/reporter.ts';

export async function writeOutput(text: Rendering, file: string | undefined, io: Io): Promise<void> {
  if (file === undefined) {
    for (const piece of typeof text === 'string' ? [text] : text) {
      io.out(piece);
      await io.drained?.();
    }
    return;
  }
  const aside = `${file}.part-${process.pid}`;
  try {
    await writeFile(aside, text);
    await rename(aside, file);
  } catch (cause) {
    await rm(aside, { force: true });
    throw new UserError(
      'output-failed',
      `${file} cannot be written`,
      'Choose a folder that exists and that you may write to.',
      cause,
    );
  }
  io.err(`${io.style.dim(`wrote ${file}`)}\n`);
}
