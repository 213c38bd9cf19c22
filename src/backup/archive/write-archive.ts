// The bytes of an archive, from objects as they come: nothing is kept but what was told of each.

import { sha256Of } from '../layout/sha256.ts';
import type { JsonObject } from '../../model/index.ts';
import { entryName, formatVersion, groupResourceOf, versionEntry } from './entry-names.ts';
import { renderGoJson } from './go-json.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-entry.ts';

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
}

/** Entries are copied to where they are compressed from: parts of their own, put together later, would be copied as well and cost more. */
class Pieces {
  objects = 0;
  private tar = Buffer.allocUnsafeSlow(startSize);
  private used = 0;

  add(part: Buffer): void {
    const end = this.used + part.length;
    if (end > this.tar.length) this.grow(end);
    part.copy(this.tar, this.used);
    this.used = end;
  }

  get isFull(): boolean {
    return this.used >= pieceSize;
  }

  take(): ArchivePiece {
    const piece = { tar: this.tar.subarray(0, this.used), objects: this.objects };
    this.tar = Buffer.allocUnsafeSlow(startSize);
    this.used = 0;
    this.objects = 0;
    return piece;
  }

  private grow(least: number): void {
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

function addEntry(pieces: Pieces, name: string, content: Buffer, modified: number): void {
  pieces.add(tarHeader({ name, size: content.length, modified }));
  pieces.add(content);
  pieces.add(tarPadding(content.length));
}

/** Each object stands twice: where a restore looks, and below its version, where one with EnableAPIGroupVersions does. */
function addObject(pieces: Pieces, object: ArchivedObject, { modified, onObject }: Writing): void {
  const { version, kind, namespace, name } = object;
  const groupResource = groupResourceOf(object);
  const content = object.content ?? Buffer.from(renderGoJson(object.raw), 'utf8');
  const preferred = `${version}-preferredversion`;
  addEntry(pieces, entryName({ groupResource, namespace, name }), content, modified);
  addEntry(pieces, entryName({ groupResource, namespace, name, version: preferred }), content, modified);
  pieces.objects += 1;
  const sha256 = sha256Of(content);
  onObject({ groupResource, version, kind, namespace, name, bytes: content.length, sha256 });
}

/** The tar file, uncompressed, in pieces of about 512 KiB. */
export async function* renderArchive(
  objects: AsyncIterable<ArchivedObject>,
  writing: Writing,
): AsyncGenerator<ArchivePiece> {
  const pieces = new Pieces();
  addEntry(pieces, versionEntry, Buffer.from(`${formatVersion}\n`), writing.modified);
  for await (const object of objects) {
    addObject(pieces, object, writing);
    if (pieces.isFull) yield pieces.take();
  }
  pieces.add(tarEnd);
  yield pieces.take();
}
