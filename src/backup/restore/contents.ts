// What a restore reads of an archive: an index in memory, the objects themselves in one local file.

import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import { parseEntry, readArchive } from '../archive/read-archive.ts';

/** Where an object stands in the local file. */
export interface IndexedEntry {
  readonly place: EntryPlace;
  readonly offset: number;
  readonly length: number;
}

export interface Contents {
  /** Its name, for messages. */
  readonly where: string;
  /** Each object once, in the order of the archive. */
  readonly entries: readonly IndexedEntry[];
  /** Quick for entries that follow each other. Throws `UserError` where it is no object. */
  readonly read: (entry: IndexedEntry) => Promise<JsonObject>;
  /** Removes the local file. */
  readonly close: () => Promise<void>;
}

/** Objects are read in about the order of the file: one block serves many. */
const blockSize = 1 << 20;

/** One block in memory, filled again and again; whoever reads has it for himself until he is done. */
class Blocks {
  private readonly file: FileHandle;
  private readonly block = Buffer.allocUnsafe(blockSize);
  private start = 0;
  private end = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** `use` must not keep the bytes. */
  read<T>(offset: number, length: number, use: (bytes: Buffer) => T): Promise<T> {
    const reading = this.turn.then(async () => use(await this.bytesAt(offset, length)));
    this.turn = reading.catch(() => undefined);
    return reading;
  }

  private async bytesAt(offset: number, length: number): Promise<Buffer> {
    if (length > blockSize) return await this.fill(Buffer.allocUnsafe(length), offset);
    if (offset < this.start || offset + length > this.end) {
      const { length: filled } = await this.fill(this.block, offset);
      this.start = offset;
      this.end = offset + filled;
    }
    return this.block.subarray(offset - this.start, offset - this.start + length);
  }

  private async fill(buffer: Buffer, offset: number): Promise<Buffer> {
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  }
}

/** Names repeat themselves, and a piece of a text keeps the whole text alive: each is kept once, on its own. */
class Names {
  private readonly known = new Map<string, string>();

  own(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const copy = copyOf(text);
    this.known.set(copy, copy);
    return copy;
  }
}

function copyOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Of each resource the classic path is read; where it stands only below versions, the preferred one. */
class Index {
  private readonly classic: IndexedEntry[] = [];
  private readonly preferred: IndexedEntry[] = [];
  private readonly hasClassic = new Set<string>();
  private readonly names = new Names();

  /** Whether an entry with this place may still be of use. */
  wants({ groupResource, version }: EntryPlace): boolean {
    if (version === undefined) return true;
    return version.endsWith('-preferredversion') && !this.hasClassic.has(groupResource);
  }

  add({ groupResource, namespace, name, version }: EntryPlace, offset: number, length: number): void {
    const place = {
      groupResource: this.names.own(groupResource),
      namespace: this.names.own(namespace),
      name: copyOf(name),
    };
    if (version === undefined) this.hasClassic.add(place.groupResource);
    (version === undefined ? this.classic : this.preferred).push({ place, offset, length });
  }

  entries(): readonly IndexedEntry[] {
    const others = this.preferred.filter(({ place }) => !this.hasClassic.has(place.groupResource));
    return [...this.classic, ...others];
  }
}

/** Writes the objects one after the other, and answers with the places where they are. */
async function spill(archive: Readable, where: string, path: string): Promise<readonly IndexedEntry[]> {
  const output = createWriteStream(path, { mode: 0o600, highWaterMark: blockSize });
  const written = finished(output);
  // Met below; until then a full disk would end the process.
  written.catch(() => undefined);
  const index = new Index();
  let offset = 0;
  try {
    for await (const { place, content } of readArchive(archive, where)) {
      if (!index.wants(place)) continue;
      index.add(place, offset, content.length);
      offset += content.length;
      if (!output.write(content))
        await Promise.race([written, new Promise<void>((resolve) => output.once('drain', () => resolve()))]);
    }
  } finally {
    output.end();
    await written;
  }
  return index.entries();
}

/** Reads the archive once. Throws `UserError` where it cannot be trusted. */
export async function indexContents(archive: Readable, where: string): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), 'nowwhat-restore-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'objects');
    const entries = await spill(archive, where, path);
    const file = await open(path);
    // The open file outlives its name, and what is ended in the middle leaves nothing behind; not on Windows, where it goes at the end.
    await remove().catch(() => undefined);
    const blocks = new Blocks(file);
    return {
      where,
      entries,
      read: ({ place, offset, length }) =>
        blocks.read(offset, length, (content) => parseEntry({ place, content }, where)),
      close: async () => {
        await file.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
