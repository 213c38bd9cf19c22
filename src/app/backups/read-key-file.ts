// Files with keys that a user names: for signatures, and identities that open sealed Secrets.

import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Opening, openUnseal, parseVerifyingKey, type Unseal } from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';

/** Throws `UserError`. */
export async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError('credential-unreadable', `${file} cannot be read`, 'Name a file with a key.', cause);
  }
}

/** Nothing where no file was named. Throws `UserError`. */
export async function readVerifyingKey(file: string | undefined): Promise<KeyObject | undefined> {
  return file === undefined ? undefined : parseVerifyingKey(await readKeyFile(file), file);
}

/** Nothing where no file was named: sealed Secrets are refused then. Throws `UserError`. */
async function readIdentity(file: string | undefined): Promise<Unseal | undefined> {
  return file === undefined ? undefined : openUnseal(await readKeyFile(file), file);
}

/** Files with keys that a restore and a drill take. */
export interface OpeningFiles {
  /** Opens Secrets that were sealed. */
  readonly identity?: string | undefined;
  /** The public key that the backup must be signed with. */
  readonly key?: string | undefined;
}

/** Throws `UserError`. */
export async function readOpening({ identity, key }: OpeningFiles): Promise<Opening> {
  return { unseal: await readIdentity(identity), publicKey: await readVerifyingKey(key) };
}
