// The bytes of a tar entry: ustar, with a PAX header before it where the name or the size do not fit.

export const blockSize = 512;
/** Characters of a name that needs no second field. */
const mostName = 100;
/** Largest size that eleven octal digits hold. */
const mostOctal = 0o77777777777;

export interface TarEntry {
  readonly name: string;
  /** Bytes of its content. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
}

interface SplitName {
  readonly prefix: string;
  readonly name: string;
}

/** A name in the two fields of ustar; `undefined` where it does not fit. */
function splitName(name: string): SplitName | undefined {
  if (!/^[\x20-\x7e]*$/.test(name)) return undefined;
  if (name.length <= mostName) return { prefix: '', name };
  for (let at = name.lastIndexOf('/', 155); at > 0; at = name.lastIndexOf('/', at - 1)) {
    const rest = name.slice(at + 1);
    if (rest.length > mostName) return undefined;
    if (rest.length > 0) return { prefix: name.slice(0, at), name: rest };
  }
  return undefined;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

interface Header extends SplitName {
  readonly type: '0' | 'x';
  readonly size: number;
  readonly modified: number;
}

/** What all headers share. Velero makes the folders of an entry with the entry's own mode: without x nobody could enter them. */
const template = Buffer.alloc(blockSize);
template.write(octal(0o755, 7), 100, 'latin1');
template.write(octal(0, 7), 108, 'latin1');
template.write(octal(0, 7), 116, 'latin1');
template.write(' '.repeat(8), 148, 'latin1');
template.write(octal(0, 11), 124, 'latin1');
template.write(octal(0, 11), 136, 'latin1');
template.write('ustar\x0000', 257, 'latin1');
template.write(octal(0, 7), 329, 'latin1');
template.write(octal(0, 7), 337, 'latin1');

const zeros = Buffer.alloc(blockSize);
const templateSum = template.reduce((sum, byte) => sum + byte, 0);

/** ASCII into a field of zeros; what that adds to the sum of all bytes. */
function putText(block: Buffer, text: string, at: number): number {
  const end = at + block.write(text, at, 'latin1');
  let sum = 0;
  for (let index = at; index < end; index += 1) sum += block[index] ?? 0;
  return sum;
}

/** Into a field of zeros as text, whose last digit stands at `last`. */
function putOctal(block: Buffer, value: number, last: number): number {
  let sum = 0;
  let left = value;
  for (let at = last; left > 0; at -= 1) {
    const digit = left % 8;
    block[at] = 48 + digit;
    sum += digit;
    left = (left - digit) / 8;
  }
  return sum;
}

function renderHeader({ prefix, name, type, size, modified }: Header): Buffer {
  const block = Buffer.from(template);
  let sum = templateSum + putText(block, name, 0) + putText(block, prefix, 345) + putText(block, type, 156);
  sum += putOctal(block, size, 134) + putOctal(block, modified, 146);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Bytes of zeros up to the next whole block. */
export function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

/** Zeros up to the next whole block. */
export function tarPadding(size: number): Buffer {
  return zeros.subarray(0, paddingOf(size));
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
}

function renderPax({ name, size, modified }: TarEntry): Buffer {
  const records = Buffer.from(
    `${paxRecord('path', name)}${size > mostOctal ? paxRecord('size', String(size)) : ''}`,
    'utf8',
  );
  const header = renderHeader({ prefix: '', name: 'PaxHeaders.0/entry', type: 'x', size: records.length, modified });
  return Buffer.concat([header, records, tarPadding(records.length)]);
}

/** All that stands before an entry's content. Source: POSIX.1-2001 pax interchange format. */
export function tarHeader(entry: TarEntry): Buffer {
  const { size, modified } = entry;
  const fitting = size > mostOctal ? undefined : splitName(entry.name);
  // Field by field: a spread would take longer than all the rest.
  if (fitting !== undefined)
    return renderHeader({ prefix: fitting.prefix, name: fitting.name, type: '0', size, modified });
  // Readers without PAX find what fits of the name.
  const short = Buffer.from(entry.name, 'utf8')
    .subarray(0, 100)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '_');
  const held = Math.min(size, mostOctal);
  return Buffer.concat([renderPax(entry), renderHeader({ prefix: '', name: short, type: '0', size: held, modified })]);
}

/** Headers of the files in one folder: what they share is made once. */
export class FolderHeaders {
  private readonly folder: string;
  private readonly modified: number;
  /** A header without file and size, its sum all zeros; `undefined` where the folder alone does not fit into the first field. */
  private readonly start: Buffer | undefined;
  private readonly sum: number;

  /** `folder` has the slash after it; `modified` as in `TarEntry`. */
  constructor(folder: string, modified: number) {
    this.folder = folder;
    this.modified = modified;
    const block = Buffer.from(template);
    this.sum = templateSum + putText(block, folder.slice(0, mostName), 0) + putText(block, '0', 156);
    this.sum += putOctal(block, modified, 146);
    block.write('000000\0 ', 148, 'latin1');
    this.start = splitName(folder)?.prefix === '' ? block : undefined;
  }

  /** Writes all that stands before a file's content, which must have room there; says how many bytes that is. */
  put(target: Buffer, at: number, file: string, size: number): number {
    if (this.putShort(target, at, file, size)) return blockSize;
    const { folder, modified } = this;
    return tarHeader({ name: `${folder}${file}`, size, modified }).copy(target, at);
  }

  /** False for what does not fit into one block and the first field of a name. */
  private putShort(target: Buffer, at: number, file: string, size: number): boolean {
    const { start, folder } = this;
    if (start === undefined || folder.length + file.length > mostName || size > mostOctal) return false;
    target.set(start, at);
    let { sum } = this;
    for (let index = 0; index < file.length; index += 1) {
      const code = file.charCodeAt(index);
      if (code < 0x20 || code > 0x7e) return false;
      target[at + folder.length + index] = code;
      sum += code;
    }
    sum += putOctal(target, size, at + 134);
    putOctal(target, sum, at + 153);
    return true;
  }

  /** Room that a header may take. */
  roomFor(file: string): number {
    return 4 * blockSize + 4 * (this.folder.length + file.length);
  }
}

/** Two empty blocks. */
export const tarEnd: Buffer = Buffer.alloc(2 * blockSize);
