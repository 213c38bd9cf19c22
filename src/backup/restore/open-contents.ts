// Fetches the archive of a backup, once, and checks it against its seal before anything is restored.

import { createHash, type KeyObject } from 'node:crypto';
import { Transform } from 'node:stream';
import { UserError } from '../../model/index.ts';
import { hashOf } from '../copy/hash-stream.ts';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { readSeal, readSignedSeal, type Seal, sealedHash } from '../inspect/read-seal.ts';
import type { Unseal } from '../seal/seal-secrets.ts';
import type { Store } from '../store/store.ts';
import { type Contents, indexContents } from './contents.ts';

function otherBytes(key: string): UserError {
  return new UserError('invalid-backup', `${key} has other bytes than were written`, 'Use another backup.');
}

/** The archive of a backup, and the seal that it was held to: all else that is read of the backup is held to the same one. */
export interface OpenedContents extends Contents {
  /** `undefined` for a backup of Velero. */
  readonly seal: Seal | undefined;
}

interface Hashed {
  readonly contents: Contents;
  readonly sha256: string;
}

async function readHashed(store: Store, key: string): Promise<Hashed> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const source = await store.read(key);
  source.on('error', (error) => hashing.destroy(error));
  hashing.on('close', () => source.destroy());
  const contents = await indexContents(source.pipe(hashing), key);
  return { contents, sha256: hash.digest('hex') };
}

/** Sealed Secrets are opened as they are read: nothing of them reaches the disk. */
function unsealing(contents: Contents, unseal: Unseal | undefined): Contents {
  if (unseal === undefined) return contents;
  return { ...contents, read: async (entry) => unseal(await contents.read(entry)) };
}

export interface Opening {
  /** Opens sealed Secrets. */
  readonly unseal?: Unseal | undefined;
  /** The backup must be signed with the private half of this. */
  readonly publicKey?: KeyObject | undefined;
}

/** Throws `UserError` where the archive is not the one that was written, its seal is gone, or somebody else made it. */
export async function openContents(store: Store, backup: OpenedBackup, opening: Opening = {}): Promise<OpenedContents> {
  const { contents: key } = backup.keys;
  const { publicKey } = opening;
  const seal = await (publicKey === undefined ? readSeal(store, backup) : readSignedSeal(store, backup, publicKey));
  const expected = sealedHash(seal, key);
  try {
    const { contents, sha256 } = await readHashed(store, key);
    if (expected === undefined || sha256 === expected) return { ...unsealing(contents, opening.unseal), seal };
    await contents.close();
  } catch (error) {
    // Why it cannot be read says less than that it was changed.
    if (expected === undefined || !(error instanceof UserError) || error.code !== 'invalid-backup') throw error;
    if ((await hashOf(await store.read(key))) === expected) throw error;
  }
  throw otherBytes(key);
}
