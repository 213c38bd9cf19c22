// The archive of a backup as a file: written aside, held against the seal, and then moved into place.

import { createWriteStream } from 'node:fs';
import { link, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asObject, UserError } from '../../model/index.ts';
import { openBackup } from '../inspect/read-backup.ts';
import { readSeal, sealedHash } from '../inspect/read-seal.ts';
import type { Store } from '../store/store.ts';
import { type HashedBytes, hashing } from './hash-stream.ts';

export interface DownloadWish {
  readonly store: Store;
  readonly name: string;
  readonly file: string;
  /** Replaces a file that is there. */
  readonly overwrite: boolean;
}

export interface DownloadedArchive {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly compared: 'hashes' | 'reading';
}

function failed(file: string, cause: unknown): unknown {
  if (cause instanceof UserError) return cause;
  const { code } = asObject(cause);
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return cause;
  const why =
    code === 'EEXIST' ? 'is there already' : code === 'ENOSPC' ? 'does not fit on the disk' : 'cannot be written';
  const advice =
    code === 'EEXIST'
      ? 'Name another file, or replace it with --force.'
      : 'Choose a folder with room that you may write to.';
  return new UserError('output-failed', `${file} ${why}`, advice, cause);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Throws `UserError`; then no file is there that was not before. */
export async function downloadArchive({ store, name, file, overwrite }: DownloadWish): Promise<DownloadedArchive> {
  const opened = await openBackup(store, name);
  const seal = await readSeal(store, opened);
  const { contents } = opened.keys;
  const sha256 = sealedHash(seal, contents);
  const expected = sha256 === undefined ? {} : { sha256 };
  const aside = `${file}.part-${process.pid}`;
  const told: HashedBytes = { bytes: 0, sha256: '' };
  try {
    if (!overwrite && (await exists(file))) throw Object.assign(new Error('it is there'), { code: 'EEXIST' });
    const body = Readable.from(hashing(await store.read(contents), contents, expected, told), { objectMode: false });
    // What is in it is for few: Secrets stand in it in plain text.
    await pipeline(body, createWriteStream(aside, { mode: 0o600, flush: true }));
    await (overwrite ? rename(aside, file) : link(aside, file));
  } catch (error) {
    throw failed(file, error);
  } finally {
    await rm(aside, { force: true });
  }
  return { file, ...told, compared: seal === undefined ? 'reading' : 'hashes' };
}
