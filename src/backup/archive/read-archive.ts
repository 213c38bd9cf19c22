// Reads an archive as a stream, and refuses what no honest archive holds: names that lead out of it, links, bombs, entries that stand twice.

import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { isJsonObject, type JsonObject, UserError } from '../../model/index.ts';
import { type EntryPlace, parseEntryName, versionEntry } from './entry-names.ts';

export interface ArchiveLimits {
  /** Of all that it unpacks to. */
  readonly bytes: number;
  /** Of one object's JSON. */
  readonly objectBytes: number;
  readonly entries: number;
}

/** Velero's own caps from 1.19 on (16 GB, 1 GB), and a bound on what is kept in memory to find entries that stand twice. */
export const archiveLimits: ArchiveLimits = { bytes: 16e9, objectBytes: 1e9, entries: 10_000_000 };

export interface ReadEntry {
  readonly place: EntryPlace;
  /** The JSON text. */
  readonly content: Buffer;
}

function refuse(where: string, entry: string | undefined, why: string, cause?: unknown): UserError {
  const place = entry === undefined ? where : `${where}, entry ${JSON.stringify(entry)}`;
  const advice = 'The archive was cut off, changed or made by hand. Use another backup.';
  return new UserError('invalid-backup', `${place}: ${why}`, advice, cause);
}

/** Why an entry is refused by its header; nothing for one that is read. */
function complaint({ name, type }: Header): string | undefined {
  if (name.startsWith('/') || name.split('/').includes('..')) return 'its name leads out of the archive';
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory') return `it is no file but a ${type}`;
  return undefined;
}

class Reading {
  private readonly seen = new Set<string>();
  private bytes = 0;
  private readonly where: string;
  private readonly limits: ArchiveLimits;

  constructor(where: string, limits: ArchiveLimits) {
    this.where = where;
    this.limits = limits;
  }

  /** The entry's place, or nothing where it holds no object. Throws `UserError`. */
  admit(header: Header): EntryPlace | undefined {
    const { name, size } = header;
    const why = complaint(header) ?? this.count(name, size);
    if (why !== undefined) throw refuse(this.where, name, why);
    if (header.type === 'directory' || name === versionEntry) return undefined;
    const place = parseEntryName(name);
    if (place === undefined && name.startsWith('resources/')) throw refuse(this.where, name, 'it is no object');
    return place;
  }

  private count(name: string, size: number): string | undefined {
    this.bytes += size;
    if (size > this.limits.objectBytes) return `it is larger than ${this.limits.objectBytes} bytes`;
    if (this.bytes > this.limits.bytes) return `the archive unpacks to more than ${this.limits.bytes} bytes`;
    if (this.seen.has(name)) return 'it stands twice';
    if (this.seen.size >= this.limits.entries) return `there are more than ${this.limits.entries} entries`;
    this.seen.add(name);
    return undefined;
  }
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The objects of an archive in its order, each as often as it stands there (below its version too). `where` names the archive in errors. Throws
 * `UserError` (`invalid-backup`) at the first entry that cannot be trusted.
 */
export async function* readArchive(
  compressed: Readable,
  where: string,
  limits: ArchiveLimits = archiveLimits,
): AsyncGenerator<ReadEntry> {
  const unzipped = createGunzip();
  const entries = extract();
  let failure: unknown;
  compressed.on('error', (error) => {
    failure = error;
    unzipped.destroy(error);
  });
  unzipped.on('error', (error) => entries.destroy(error));
  compressed.pipe(unzipped).pipe(entries);
  const reading = new Reading(where, limits);
  let name: string | undefined;
  try {
    for await (const entry of entries) {
      ({ name } = entry.header);
      const place = reading.admit(entry.header);
      const content = await contentOf(entry);
      if (place !== undefined) yield { place, content };
    }
  } catch (error) {
    throw error instanceof UserError || error === failure
      ? error
      : refuse(where, name, 'the archive is corrupt from here on', error);
  } finally {
    compressed.destroy();
    unzipped.destroy();
  }
}

/** The object of an entry. Throws `UserError`. */
export function parseEntry({ place, content }: ReadEntry, where: string): JsonObject {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch {
    // told below, with its place
  }
  throw refuse(where, `${place.groupResource} ${place.namespace}/${place.name}`, 'it is not a JSON object');
}
