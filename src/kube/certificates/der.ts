// Reads ASN.1 in its DER encoding (X.690), as far as certificates and keys need it: elements, never schemas.

/** One element: its tag byte and the range of its content. */
export interface DerElement {
  readonly bytes: Uint8Array;
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Tag bytes, with class and the bit for constructed elements. */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag byte of a context-specific element that holds others: `[n]`. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

interface Length {
  readonly value: number;
  readonly next: number;
}

function readLength(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0x80) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  const count = first & 0x7f;
  // Four bytes of length are 4 GiB: nothing that a Secret may hold.
  if (count > 4 || at + count >= bytes.length) return undefined;
  let value = 0;
  for (let index = 1; index <= count; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, next: at + 1 + count };
}

function readAt(bytes: Uint8Array, at: number, limit: number): DerElement | undefined {
  const tag = bytes[at];
  // Tags above 30 take several bytes; certificates have none.
  if (tag === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const length = readLength(bytes, at + 1);
  if (length === undefined || length.next + length.value > limit) return undefined;
  return { bytes, tag, start: length.next, end: length.next + length.value };
}

/** The element that the bytes are, or `undefined` where they are cut off or followed by others. */
export function readDer(bytes: Uint8Array): DerElement | undefined {
  const element = readAt(bytes, 0, bytes.length);
  return element?.end === bytes.length ? element : undefined;
}

/** The elements inside of one; `undefined` where its content is no list of elements. */
export function childrenOf({ bytes, start, end }: DerElement): readonly DerElement[] | undefined {
  const children: DerElement[] = [];
  for (let at = start; at < end; ) {
    const child = readAt(bytes, at, end);
    if (child === undefined) return undefined;
    children.push(child);
    at = child.end;
  }
  return children;
}

export function contentOf({ bytes, start, end }: DerElement): Uint8Array {
  return bytes.subarray(start, end);
}

/** Lower-case hexadecimal text of bytes; of an integer without the zero byte of its sign. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Latin text of a string element; names in certificates that hosts are compared with are ASCII. */
export function toLatin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Dotted text of an object identifier: `1.2.840.113549.1.1.1`. */
export function toObjectId(element: DerElement): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of contentOf(element)) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - first * 40);
    } else arcs.push(value);
    value = 0;
  }
  return arcs.join('.');
}
