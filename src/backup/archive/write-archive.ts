// The bytes of an archive, from objects as they come: nothing is kept but what was told of each.

import { sha256Of } from '../layout/sha256.ts';
import type { JsonObject } from '../../model/index.ts';
import { entryFolder, fileName, formatVersion, groupResourceOf, versionEntry } from './entry-names.ts';
import { renderGoJson } from './go-json.ts';
import { FolderHeaders, paddingOf, tarEnd } from './tar-entry.ts';

/** An object on its way into an archive. */
export interface ArchivedObject {
  readonly group: string;
  /** As it was read: `v1`. */
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  /** '' for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  readonly raw: JsonObject;
  /** Its JSON text as it was read, keys in order; left out, it is rendered from `raw`. */
  readonly content?: Buffer;
}

/** What an archive holds of one object. */
export interface Archived {
  readonly groupResource: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of its JSON text, uncompressed. */
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Small pieces cost more on their way through the compressor than their bytes. */
const pieceSize = 1 << 19;

/** The last entry of most pieces fits too. */
const startSize = pieceSize + (1 << 15);

/** Some whole entries of an archive, uncompressed. */
export interface ArchivePiece {
  readonly tar: Buffer;
  /** How many objects it holds. */
  readonly objects: number;
  /** Gives the memory back, for the pieces to come: nobody may look into `tar` any more. */
  readonly release: () => void;
}

/** Where the content of a file stands. */
interface Stretch {
  readonly from: number;
  readonly size: number;
}

/** Entries are copied to where they are compressed from: parts of their own, put together later, would be copied as well and cost more. */
class Pieces {
  objects = 0;
  private tar: Buffer = Buffer.allocUnsafeSlow(startSize);
  private used = 0;
  /** Memory that was given back. New one for each piece would have the runtime look for garbage all the time. */
  private readonly free: Buffer[] = [];

  add(part: Buffer): void {
    this.makeRoom(part.length);
    this.tar.set(part, this.used);
    this.used += part.length;
  }

  /** A file and the zeros after it; answers where they stand, until something else is added. */
  addFile(headers: FolderHeaders, file: string, content: Buffer): Stretch {
    const size = content.length;
    this.makeRoom(headers.roomFor(file) + size + paddingOf(size));
    const from = this.used + headers.put(this.tar, this.used, file, size);
    this.tar.set(content, from);
    this.used = from + size + paddingOf(size);
    this.tar.fill(0, from + size, this.used);
    return { from, size };
  }

  /** The file that was added last under another name: within one buffer it is copied in a third of the time. */
  repeatFile(headers: FolderHeaders, file: string, { from, size }: Stretch): void {
    const padded = size + paddingOf(size);
    this.makeRoom(headers.roomFor(file) + padded);
    this.used += headers.put(this.tar, this.used, file, size);
    this.tar.copyWithin(this.used, from, from + padded);
    this.used += padded;
  }

  get isFull(): boolean {
    return this.used >= pieceSize;
  }

  take(): ArchivePiece {
    const { tar, free } = this;
    // What had to grow for one large object is not kept.
    const release = (): void => void (tar.length === startSize && free.push(tar));
    const piece = { tar: tar.subarray(0, this.used), objects: this.objects, release };
    this.tar = free.pop() ?? Buffer.allocUnsafeSlow(startSize);
    this.used = 0;
    this.objects = 0;
    return piece;
  }

  private makeRoom(bytes: number): void {
    const least = this.used + bytes;
    if (least <= this.tar.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(least, 2 * this.tar.length));
    this.tar.copy(larger, 0, 0, this.used);
    this.tar = larger;
  }
}

interface Writing {
  /** Seconds since 1970, of all entries. */
  readonly modified: number;
  /** Hears of each object as it is written. */
  readonly onObject: (archived: Archived) => void;
}

/** Headers of the two folders that objects of one resource and namespace stand in: where a restore looks, and where one with EnableAPIGroupVersions does. */
interface Folders {
  readonly of: string;
  readonly plain: FolderHeaders;
  readonly versioned: FolderHeaders;
}

class ArchiveWriter {
  readonly pieces = new Pieces();
  private readonly writing: Writing;
  /** Of the object before: they come list by list. */
  private folders: Folders | undefined;

  constructor(writing: Writing) {
    this.writing = writing;
    this.pieces.addFile(new FolderHeaders('', writing.modified), versionEntry, Buffer.from(`${formatVersion}\n`));
  }

  /** Each object stands twice. */
  add(object: ArchivedObject): void {
    const { pieces, writing } = this;
    const { version, kind, namespace, name } = object;
    const groupResource = groupResourceOf(object);
    const content = object.content ?? Buffer.from(renderGoJson(object.raw), 'utf8');
    const { plain, versioned } = this.foldersOf(groupResource, version, namespace);
    const file = fileName(name);
    pieces.repeatFile(versioned, file, pieces.addFile(plain, file, content));
    pieces.objects += 1;
    const sha256 = sha256Of(content);
    writing.onObject({ groupResource, version, kind, namespace, name, bytes: content.length, sha256 });
  }

  private foldersOf(groupResource: string, version: string, namespace: string): Folders {
    const of = `${groupResource}/${version}/${namespace}`;
    if (this.folders?.of === of) return this.folders;
    const headersOf = (place: Parameters<typeof entryFolder>[0]): FolderHeaders =>
      new FolderHeaders(entryFolder(place), this.writing.modified);
    const plain = headersOf({ groupResource, namespace });
    const versioned = headersOf({ groupResource, namespace, version: `${version}-preferredversion` });
    this.folders = { of, plain, versioned };
    return this.folders;
  }
}

/** The tar file, uncompressed, in pieces of about 512 KiB. */
export async function* renderArchive(
  batches: AsyncIterable<readonly ArchivedObject[]>,
  writing: Writing,
): AsyncGenerator<ArchivePiece> {
  const writer = new ArchiveWriter(writing);
  const { pieces } = writer;
  for await (const batch of batches)
    for (const object of batch) {
      writer.add(object);
      if (pieces.isFull) yield pieces.take();
    }
  pieces.add(tarEnd);
  yield pieces.take();
}
