// Reads the text files of a chart archive (.tgz), with a limit on what it unpacks to.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** Paths inside the archive (`shop/templates/web.yaml`) and their texts; nested archives as bytes. */
export interface ArchiveFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly archives: ReadonlyMap<string, Uint8Array>;
}

export class ArchiveTooLarge extends Error {}

const wanted =
  /^[^/]+\/(?:Chart\.yaml|requirements\.yaml|(?:.*\/)?charts\/[^/]+\/(?:Chart|requirements)\.yaml|(?:.*\/)?(?:templates|crds)\/.+|(?:.*\/)?charts\/[^/]+\.tgz)$/;

async function entryBytes(entry: AsyncIterable<unknown>, budget: { left: number }, keep: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    budget.left -= chunk.length;
    if (budget.left < 0) throw new ArchiveTooLarge();
    if (keep) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readTar(compressed: Readable, maxBytes: number): Promise<ArchiveFiles> {
  const texts = new Map<string, string>();
  const archives = new Map<string, Uint8Array>();
  const budget = { left: maxBytes };
  const unzipped = createGunzip();
  const entries = extract();
  compressed.on('error', (error) => unzipped.destroy(error));
  unzipped.on('error', (error) => entries.destroy(error));
  compressed.pipe(unzipped).pipe(entries);
  try {
    for await (const entry of entries) {
      const name = entry.header.name.replace(/^\.\//, '');
      const bytes = await entryBytes(entry, budget, entry.header.type === 'file' && wanted.test(name));
      if (bytes.length === 0) continue;
      if (name.endsWith('.tgz')) archives.set(name, bytes);
      else texts.set(name, bytes.toString('utf8'));
    }
  } finally {
    compressed.destroy();
    unzipped.destroy();
  }
  return { texts, archives };
}

/** Files of the archive at `path`. Rejects with `ArchiveTooLarge` where it unpacks to more than `maxBytes`. */
export async function readArchive(path: string, maxBytes: number): Promise<ArchiveFiles> {
  return readTar(createReadStream(path), maxBytes);
}

/** The same for an archive inside an archive. */
export async function readNestedArchive(bytes: Uint8Array, maxBytes: number): Promise<ArchiveFiles> {
  return readTar(Readable.from([bytes]), maxBytes);
}
