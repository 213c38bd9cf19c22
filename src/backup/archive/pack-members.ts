// Compresses an archive as several gzip members, one after the other: every reader of gzip takes them as one file, and a reader that knows where one begins
// can fetch it alone.

import { constants, createGzip, type Gzip, type ZlibReset } from 'node:zlib';
import type { ArchivePiece } from './write-archive.ts';

/** A part of the compressed archive that unpacks by itself, to whole tar entries. */
export interface ArchiveMember {
  /** First byte in the compressed archive. */
  readonly offset: number;
  /** Compressed. */
  readonly bytes: number;
  /** How many objects it holds: members hold objects in the order in which they were written. */
  readonly objects: number;
}

/** Most pieces pack into less: one turn of another thread does. */
const chunkSize = 1 << 16;

/** Pieces that are compressed at the same time, on other threads. */
const ahead = 3;

/** A third of the time of zlib's own choice (6), for an archive half as large again: what compresses slowly sets the pace of a backup. */
const level = 3;

interface Packed {
  readonly packed: Buffer;
  readonly objects: number;
}

/** Compresses one piece after the other, in memory that it takes once: a compressor for each would be as large as half a piece. */
class Packer {
  /** Each write ends a member; that any compressor of zlib can be reset, its types do not know. */
  private readonly gzip = createGzip({ level, chunkSize, flush: constants.Z_FINISH }) as Gzip & ZlibReset;
  private readonly chunks: Buffer[] = [];

  constructor() {
    this.gzip.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    // The write that it happens to tells it.
    this.gzip.on('error', () => undefined);
  }

  async pack({ tar, objects, release }: ArchivePiece): Promise<Packed> {
    await new Promise<void>((done, fail) => {
      this.gzip.write(tar, (error) => (error ? fail(error) : done()));
    });
    release();
    // What has not been handed on yet comes now.
    while (this.gzip.read() !== null);
    this.gzip.reset();
    return { packed: Buffer.concat(this.chunks.splice(0)), objects };
  }

  close(): void {
    this.gzip.close();
  }
}

/** The compressed archive; `onMember` hears of each member in its order. */
export async function* packMembers(
  pieces: AsyncIterable<ArchivePiece>,
  onMember: (member: ArchiveMember) => void,
): AsyncGenerator<Buffer> {
  const packers = Array.from({ length: ahead }, () => new Packer());
  const waiting: Promise<Packed>[] = [];
  let offset = 0;
  let begun = 0;
  const begin = (piece: ArchivePiece): void => {
    const packing = packers[begun % ahead]?.pack(piece);
    if (packing !== undefined) waiting.push(packing);
    begun += 1;
  };
  const next = async (first: Promise<Packed>): Promise<Buffer> => {
    const { packed, objects } = await first;
    onMember({ offset, bytes: packed.length, objects });
    offset += packed.length;
    return packed;
  };
  try {
    for await (const piece of pieces) {
      begin(piece);
      const first = waiting.length >= ahead ? waiting.shift() : undefined;
      if (first !== undefined) yield await next(first);
    }
    for (const each of waiting) yield await next(each);
  } finally {
    await Promise.allSettled(waiting);
    for (const packer of packers) packer.close();
  }
}
