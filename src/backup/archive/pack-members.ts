// Compresses an archive as several gzip members, one after the other: every reader of gzip takes them as one file, and a reader that knows where one begins
// can fetch it alone.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ArchivePiece } from './write-archive.ts';

const compress = promisify(gzip);

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

async function pack({ tar, objects }: ArchivePiece): Promise<{ readonly packed: Buffer; readonly objects: number }> {
  return { packed: await compress(tar, { level, chunkSize }), objects };
}

/** The compressed archive; `onMember` hears of each member in its order. */
export async function* packMembers(
  pieces: AsyncIterable<ArchivePiece>,
  onMember: (member: ArchiveMember) => void,
): AsyncGenerator<Buffer> {
  const waiting: ReturnType<typeof pack>[] = [];
  let offset = 0;
  const next = async (): Promise<Buffer> => {
    const { packed, objects } = await (waiting.shift() ?? pack({ tar: Buffer.alloc(0), objects: 0 }));
    onMember({ offset, bytes: packed.length, objects });
    offset += packed.length;
    return packed;
  };
  for await (const piece of pieces) {
    waiting.push(pack(piece));
    if (waiting.length >= ahead) yield await next();
  }
  while (waiting.length > 0) yield await next();
}
