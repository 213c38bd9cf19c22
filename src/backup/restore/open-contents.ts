// The archive of a backup for several passes: out of a bucket it is fetched once, and it is checked against its seal before anything is restored.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../model/index.ts';
import type { OpenedBackup } from '../inspect/read-backup.ts';
import { parseSeal } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';

export interface Contents {
  readonly open: () => Promise<Readable>;
  /** Removes the copy. */
  readonly close: () => Promise<void>;
}

async function sealedHash(store: Store, { keys, name }: OpenedBackup): Promise<string | undefined> {
  const content = await store.get(keys.seal);
  if (content === undefined) return undefined;
  const seal = parseSeal(content.toString('utf8'));
  const found = seal?.backup === name ? seal.files.find((file) => keys.contents.endsWith(`/${file.name}`)) : undefined;
  if (found !== undefined) return found.sha256;
  throw new UserError('invalid-backup', `${keys.seal} is not as it was written`, 'Use another backup.');
}

/** Throws `UserError` where the archive is not the one that was written. */
export async function openContents(store: Store, backup: OpenedBackup): Promise<Contents> {
  const { keys } = backup;
  const expected = await sealedHash(store, backup);
  const folder = await mkdtemp(join(tmpdir(), 'nowwhat-restore-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const copy = join(folder, 'contents.tar.gz');
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(await store.read(keys.contents), hashing, createWriteStream(copy, { mode: 0o600 }));
    if (expected !== undefined && hash.digest('hex') !== expected)
      throw new UserError(
        'invalid-backup',
        `${keys.contents} has other bytes than were written`,
        'Use another backup.',
      );
  } catch (error) {
    await close();
    throw error;
  }
  return { open: () => Promise.resolve(createReadStream(copy)), close };
}
