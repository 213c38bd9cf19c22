// Files with keys that a user names: for signatures, and identities that open sealed Secrets.

import { readFile } from 'node:fs/promises';
import { openUnseal, type Unseal } from '../backup/index.ts';
import { UserError } from '../model/index.ts';

/** Throws `UserError`. */
export async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError('credential-unreadable', `${file} cannot be read`, 'Name a file with a key.', cause);
  }
}

/** Nothing where no file was named: sealed Secrets are refused then. Throws `UserError`. */
export async function readIdentity(file: string | undefined): Promise<Unseal | undefined> {
  return file === undefined ? undefined : openUnseal(await readKeyFile(file), file);
}
