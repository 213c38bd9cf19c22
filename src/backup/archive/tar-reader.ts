// Takes a tar archive apart as it comes, piece by piece, without a stream for each entry.

import { parsePaxRecords, parseTarHeader, tarBlock, type TarHeader } from './tar-header.ts';

export interface TarEntry<T> {
  readonly wanted: T;
  /** A part of the pieces where it lies in one: good until the next piece is asked for, or copied. */
  readonly content: Buffer;
}

/** What an entry is to its reader; the content of `undefined` is passed over. May throw: then nothing more is read. */
export type WantsEntry<T> = (header: TarHeader) => T | undefined;

/** Of names and records that stand before an entry. */
const mostHeaderBytes = 1 << 20;

const longHeaders: ReadonlySet<TarHeader['type']> = new Set([
  'pax-global-header',
  'pax-header',
  'gnu-long-link',
  'gnu-long-name',
]);

interface Current<T> {
  readonly header: TarHeader;
  readonly wanted: T | undefined;
  readonly pieces: Buffer[];
  left: number;
}

function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

export class TarReader<T> {
  /** The beginning of a header whose end has not come yet. */
  private rest: Buffer = Buffer.alloc(0);
  private current: Current<T> | undefined;
  private toSkip = 0;
  private globals: ReadonlyMap<string, string> = new Map();
  private records: ReadonlyMap<string, string> = new Map();
  private longName: string | undefined;
  private readonly wants: WantsEntry<T>;

  constructor(wants: WantsEntry<T>) {
    this.wants = wants;
  }

  /** Wanted entries whose end this piece holds. Throws an `Error` where it is no tar archive. */
  push(piece: Buffer): readonly TarEntry<T>[] {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    this.rest = Buffer.alloc(0);
    const found: TarEntry<T>[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.toSkip > 0) at += this.skip(bytes.length - at);
      else if (this.current !== undefined) at += this.gather(this.current, bytes.subarray(at), found);
      else if (bytes.length - at < tarBlock) {
        this.rest = Buffer.from(bytes.subarray(at));
        break;
      } else {
        this.begin(bytes.subarray(at, at + tarBlock), found);
        at += tarBlock;
      }
    }
    return found;
  }

  /** Throws an `Error` where the archive was cut off in the middle of an entry. */
  end(): void {
    if (this.current !== undefined || this.rest.length > 0 || this.toSkip > 0) throw new Error('it was cut off');
  }

  private skip(available: number): number {
    const skipped = Math.min(this.toSkip, available);
    this.toSkip -= skipped;
    return skipped;
  }

  private begin(block: Buffer, found: TarEntry<T>[]): void {
    const parsed = parseTarHeader(block);
    if (parsed === undefined) return;
    const isLong = longHeaders.has(parsed.type);
    if (isLong && parsed.size > mostHeaderBytes) throw new Error('a header is too long');
    const header = isLong ? parsed : this.complete(parsed);
    if (!Number.isSafeInteger(header.size) || header.size < 0) throw new Error('a size is no number');
    const wanted = isLong ? undefined : this.wants(header);
    const current = { header, wanted, pieces: [], left: header.size };
    if (header.size === 0) this.finish(current, found);
    else this.current = current;
  }

  /** With what stood before it. */
  private complete(header: TarHeader): TarHeader {
    const said = (key: string): string | undefined => this.records.get(key) ?? this.globals.get(key);
    const size = said('size');
    const name = said('path') ?? this.longName ?? header.name;
    this.records = new Map();
    this.longName = undefined;
    return { ...header, name, size: size === undefined ? header.size : Number(size) };
  }

  private gather(current: Current<T>, bytes: Buffer, found: TarEntry<T>[]): number {
    const piece = bytes.subarray(0, current.left);
    if (current.wanted !== undefined || longHeaders.has(current.header.type)) current.pieces.push(piece);
    current.left -= piece.length;
    if (current.left === 0) this.finish(current, found);
    return piece.length;
  }

  private finish({ header, wanted, pieces }: Current<T>, found: TarEntry<T>[]): void {
    this.current = undefined;
    this.toSkip = paddingOf(header.size);
    const [first] = pieces;
    const content = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    if (longHeaders.has(header.type)) this.learn(header, content);
    else if (wanted !== undefined) found.push({ wanted, content });
  }

  private learn({ type }: TarHeader, content: Buffer): void {
    if (type === 'pax-header') this.records = parsePaxRecords(content);
    else if (type === 'pax-global-header') this.globals = parsePaxRecords(content);
    else if (type === 'gnu-long-name') this.longName = content.toString('utf8').replace(/\0.*$/s, '');
  }
}
