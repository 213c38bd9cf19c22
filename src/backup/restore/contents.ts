// What a restore reads of an archive: an index in memory, the objects themselves in one local file.

import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
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
  /** Readers that wait for the file, or for each other. */
  private waiting = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** `use` must not keep the bytes. */
  async read<T>(offset: number, length: number, use: (bytes: Buffer) => T): Promise<T> {
    if (this.waiting === 0 && this.holds(offset, length)) return use(this.bytesHeld(offset, length));
    this.waiting += 1;
    const reading = this.turn.then(async () => use(await this.bytesAt(offset, length)));
    this.turn = reading.catch(() => undefined);
    return await reading.finally(() => {
      this.waiting -= 1;
    });
  }

  private holds(offset: number, length: number): boolean {
    return offset >= this.start && offset + length <= this.end;
  }

  private bytesHeld(offset: number, length: number): Buffer {
    return this.block.subarray(offset - this.start, offset - this.start + length);
  }

  private async bytesAt(offset: number, length: number): Promise<Buffer> {
    if (length > blockSize) return await this.fill(Buffer.allocUnsafe(length), offset);
    if (!this.holds(offset, length)) {
      const { length: filled } = await this.fill(this.block, offset);
      this.start = offset;
      this.end = offset + filled;
    }
    return this.bytesHeld(offset, length);
  }

  private async fill(buffer: Buffer, offset: number): Promise<Buffer> {
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  }
}

/** Appends to a file by blocks: a write for each object would cost more than the object. */
class Appending {
  /** Bytes so far. */
  length = 0;
  private readonly file: FileHandle;
  private readonly block = Buffer.allocUnsafe(blockSize);
  private filled = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  async add(bytes: Buffer): Promise<void> {
    if (this.filled + bytes.length > blockSize) await this.flush();
    this.length += bytes.length;
    if (bytes.length > blockSize) await this.write(bytes);
    else this.filled += bytes.copy(this.block, this.filled);
  }

  async flush(): Promise<void> {
    await this.write(this.block.subarray(0, this.filled));
    this.filled = 0;
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at)).bytesWritten;
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
async function spill(archive: Readable, where: string, file: FileHandle): Promise<readonly IndexedEntry[]> {
  const output = new Appending(file);
  const index = new Index();
  const wants = (place: EntryPlace): boolean => index.wants(place);
  for await (const { place, content } of readArchive(archive, where, { wants })) {
    index.add(place, output.length, content.length);
    await output.add(content);
  }
  await output.flush();
  return index.entries();
}

/** Reads the archive once. Throws `UserError` where it cannot be trusted. */
export async function indexContents(archive: Readable, where: string): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), 'nowwhat-restore-'));
  const file = await open(join(folder, 'objects'), 'wx+', 0o600);
  // The open file outlives its name, and what is ended in the middle leaves nothing behind; not on Windows, where it goes at the end.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  const close = async (): Promise<void> => {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const entries = await spill(archive, where, file);
    const blocks = new Blocks(file);
    return {
      where,
      entries,
      read: ({ place, offset, length }) =>
        blocks.read(offset, length, (content) => parseEntry({ place, content }, where)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
