// Reads an archive as a stream, and refuses what no honest archive holds: names that lead out of it, links, bombs, entries that stand twice.

import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isJsonObject, type JsonObject, parseJson, UserError } from '../../model/index.ts';
import { type EntryPlace, parseEntryName, versionEntry } from './entry-names.ts';
import type { TarHeader } from './tar-header.ts';
import { TarReader } from './tar-reader.ts';

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
  /** The JSON text: good until the next entry is asked for. */
  readonly content: Buffer;
}

function refuse(where: string, entry: string | undefined, why: string, cause?: unknown): UserError {
  const place = entry === undefined ? where : `${where}, entry ${JSON.stringify(entry)}`;
  const advice = 'The archive was cut off, changed or made by hand. Use another backup.';
  return new UserError('invalid-backup', `${place}: ${why}`, advice, cause);
}

/** Why an entry is refused by its header; nothing for one that is read. */
function complaint({ name, type }: TarHeader): string | undefined {
  if (name.startsWith('/') || name.split('/').includes('..')) return 'its name leads out of the archive';
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory') return `it is no file but a ${type}`;
  return undefined;
}

export interface ArchiveReading {
  readonly limits?: ArchiveLimits;
  /** Others are held to the same rules, and passed over. */
  readonly wants?: (place: EntryPlace) => boolean;
}

/** What is unpacked at once. */
const pieceBytes = 1 << 18;

class Reading {
  /** The last entry that was begun. */
  name: string | undefined;
  private readonly seen = new Set<string>();
  private bytes = 0;
  private readonly where: string;
  private readonly limits: ArchiveLimits;
  private readonly wants: (place: EntryPlace) => boolean;

  constructor(where: string, { limits = archiveLimits, wants = () => true }: ArchiveReading) {
    this.where = where;
    this.limits = limits;
    this.wants = wants;
  }

  /** The entry's place, or nothing where it holds no object that is wanted. Throws `UserError`. */
  admit(header: TarHeader): EntryPlace | undefined {
    const { name, size } = header;
    this.name = name;
    const why = complaint(header) ?? this.count(name, size);
    if (why !== undefined) throw refuse(this.where, name, why);
    if (header.type === 'directory' || name === versionEntry) return undefined;
    const place = parseEntryName(name);
    if (place === undefined && name.startsWith('resources/')) throw refuse(this.where, name, 'it is no object');
    return place !== undefined && this.wants(place) ? place : undefined;
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

/**
 * The objects of an archive in its order, each as often as it stands there (below its version too). `where` names the archive in errors. Throws
 * `UserError` (`invalid-backup`) at the first entry that cannot be trusted.
 */
export async function* readArchive(
  compressed: Readable,
  where: string,
  options: ArchiveReading = {},
): AsyncGenerator<ReadEntry> {
  const unzipped = createGunzip({ chunkSize: pieceBytes });
  let failure: unknown;
  compressed.on('error', (error) => {
    failure = error;
    unzipped.destroy(error);
  });
  compressed.pipe(unzipped);
  const reading = new Reading(where, options);
  const tar = new TarReader((header) => reading.admit(header));
  try {
    for await (const piece of unzipped)
      for (const { wanted, content } of tar.push(piece as Buffer)) yield { place: wanted, content };
    tar.end();
  } catch (error) {
    throw error instanceof UserError || error === failure
      ? error
      : refuse(where, reading.name, 'the archive is corrupt from here on', error);
  } finally {
    compressed.destroy();
    unzipped.destroy();
  }
}

/** The object of an entry. Throws `UserError`. */
export function parseEntry({ place, content }: ReadEntry, where: string): JsonObject {
  try {
    const value = parseJson(content.toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch {
    // told below, with its place
  }
  throw refuse(where, `${place.groupResource} ${place.namespace}/${place.name}`, 'it is not a JSON object');
}
