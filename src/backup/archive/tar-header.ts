// Reads the headers of a tar archive: ustar and GNU, and the records of PAX. Pure.

export const tarBlock = 512;

export interface TarHeader {
  readonly name: string;
  readonly type: TarType;
  /** Bytes of the content. */
  readonly size: number;
}

/** Source: POSIX.1-2001 pax interchange format, and GNU tar's manual for K and L. */
const types = {
  '\0': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  '7': 'contiguous-file',
  g: 'pax-global-header',
  x: 'pax-header',
  K: 'gnu-long-link',
  L: 'gnu-long-name',
} as const;

export type TarType = (typeof types)[keyof typeof types] | 'unknown entry';

function textAt(block: Buffer, start: number, length: number): string {
  const zero = block.indexOf(0, start);
  const end = zero === -1 ? start + length : Math.min(zero, start + length);
  return block.toString('utf8', start, end);
}

/** Octal digits among blanks and zeros; GNU writes what is too large for them in bytes, behind a first one of 0x80. `NaN` for what is neither. */
function numberAt(block: Buffer, start: number, length: number): number {
  if (block[start] === 0x80) return Number(`0x${block.toString('hex', start + 1, start + length)}`);
  const [, digits] = /^[ \0]*([0-7]*)[ \0]*$/.exec(block.toString('latin1', start, start + length)) ?? [];
  return digits === '' ? 0 : Number.parseInt(digits ?? '', 8);
}

/** Of all bytes, those of the sum itself taken for blanks. */
function sumOf(block: Buffer): number {
  let sum = 8 * 32;
  for (let at = 0; at < 148; at += 1) sum += block[at] ?? 0;
  for (let at = 156; at < tarBlock; at += 1) sum += block[at] ?? 0;
  return sum;
}

function typeOf(block: Buffer, name: string): TarType {
  const flag = String.fromCharCode(block[156] ?? 0);
  const type = Object.hasOwn(types, flag) ? types[flag as keyof typeof types] : 'unknown entry';
  return type === 'file' && name.endsWith('/') ? 'directory' : type;
}

/** `undefined` for a block of zeros, of which two end an archive. Throws an `Error` for what is no header. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  const sum = sumOf(block);
  if (sum === 8 * 32) return undefined;
  if (sum !== numberAt(block, 148, 8)) throw new Error('the sum of a header is wrong');
  const format = block.toString('latin1', 257, 263);
  if (format !== 'ustar\0' && format !== 'ustar ') throw new Error('a header is neither ustar nor GNU');
  const prefix = format === 'ustar\0' ? textAt(block, 345, 155) : '';
  const name = `${prefix === '' ? '' : `${prefix}/`}${textAt(block, 0, 100)}`;
  const type = typeOf(block, name);
  return { name, type, size: type === 'directory' ? 0 : numberAt(block, 124, 12) };
}

/** `LENGTH KEY=VALUE\n` each, where the length counts all of it. Throws an `Error` where they are not. */
export function parsePaxRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const length = Number(/^\d{1,7}(?= )/.exec(bytes.toString('latin1', at, at + 8))?.[0] ?? 0);
    const end = at + length;
    const equals = bytes.indexOf('=', at);
    if (length === 0 || end > bytes.length || bytes[end - 1] !== 0x0a || equals === -1 || equals >= end)
      throw new Error('a PAX header is broken');
    records.set(
      bytes.toString('utf8', at + String(length).length + 1, equals),
      bytes.toString('utf8', equals + 1, end - 1),
    );
    at = end;
  }
  return records;
}
