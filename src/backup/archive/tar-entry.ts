// The bytes of a tar entry: ustar, with a PAX header before it where the name or the size do not fit.

const blockSize = 512;
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
  if (name.length <= 100) return { prefix: '', name };
  for (let at = name.lastIndexOf('/', 155); at > 0; at = name.lastIndexOf('/', at - 1)) {
    const rest = name.slice(at + 1);
    if (rest.length > 100) return undefined;
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

/** Zeros up to the next whole block. */
export function tarPadding(size: number): Buffer {
  return zeros.subarray(0, (blockSize - (size % blockSize)) % blockSize);
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

/** Two empty blocks. */
export const tarEnd: Buffer = Buffer.alloc(2 * blockSize);
