// Writes the keys of one backup and remembers the hash of each.

import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { sha256Of } from '../layout/sha256.ts';
import { inParallel, type Json } from '../../model/index.ts';
import { renderGoJson } from '../archive/go-json.ts';
import type { SealedFile } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';

export const compress = promisify(gzip);

/** JSON as Velero writes it. */
export function packJson(value: Json): Promise<Buffer> {
  return compress(renderGoJson(value));
}

/** A key and all that it will hold. */
interface SmallFile {
  readonly key: string;
  readonly body: Uint8Array;
}

export class SealedWriter {
  readonly files: SealedFile[] = [];
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** What a key will hold once it is put: for the seal that is written before it. */
  announce(key: string, body: Uint8Array): void {
    const sha256 = sha256Of(body);
    this.files.push({ name: nameOf(key), bytes: body.length, sha256 });
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    this.announce(key, body);
    await this.store.put(key, body);
  }

  /** Side by side: a store takes as long for one as for all. The seal lists them in this order. */
  async putAll(files: readonly SmallFile[]): Promise<void> {
    for (const { key, body } of files) this.announce(key, body);
    await inParallel(files, files.length, ({ key, body }) => this.store.put(key, body));
  }

  async putJson(key: string, value: Json): Promise<void> {
    await this.put(key, await packJson(value));
  }

  async upload(key: string, body: Readable): Promise<void> {
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    body.on('error', (error) => hashed.destroy(error));
    // It may fail before the store listens to it, which then meets the failure as it reads.
    hashed.on('error', () => undefined);
    const bytes = await this.store.upload(key, body.pipe(hashed));
    this.files.push({ name: nameOf(key), bytes, sha256: hash.digest('hex') });
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
