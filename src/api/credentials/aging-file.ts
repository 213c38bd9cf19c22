// A small file that others replace while we run: a projected token, a rotated certificate.

import { readFile } from 'node:fs/promises';
import { UserError } from '../../model/index.ts';
import type { Clock } from '../clock.ts';

/** How long a file's content is used before it is read again; client-go does the same. */
const freshFor = 60_000;

export interface AgingFile {
  /** The trimmed text: read at most once a minute. Throws `credential-unreadable` where it was never readable. */
  readonly read: () => Promise<string>;
  /** Makes the next `read` look at the file. */
  readonly expire: () => void;
}

export function createAgingFile(path: string, clock: Clock): AgingFile {
  let text: string | undefined;
  let readAt = 0;
  async function read(): Promise<string> {
    if (text !== undefined && clock.now() - readAt < freshFor) return text;
    try {
      text = (await readFile(path, 'utf8')).trim();
    } catch (error) {
      // A rotation may leave a moment without the file: the last content is still the best guess.
      if (text === undefined) throw unreadable(path, error);
    }
    readAt = clock.now();
    return text;
  }
  return { read, expire: () => void (readAt = Number.NEGATIVE_INFINITY) };
}

function unreadable(path: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  return new UserError(
    'credential-unreadable',
    `${path} cannot be read (${code})`,
    'Correct its path in the kubeconfig, or its mode.',
    error,
  );
}

/** The text of a file that does not change while we run. Throws `credential-unreadable`. */
export async function readCredentialFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}
