// IP addresses and CIDR blocks as numbers: reading, containing, overlapping.

export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A block of addresses; host bits of the text are cut off, as Go's net.ParseCIDR does for the network. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
  /** True where the text had bits set behind the prefix: `10.0.0.7/8`. */
  readonly hasHostBits: boolean;
}

const bitsOf = { 4: 32, 6: 128 } as const;
/** `::ffff:0:0/96`, in which IPv4 addresses are written as IPv6. */
const mappedPrefix = 0xffffn;

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    // Go refuses leading zeros, since some programs read them as octal.
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

/** The 16-bit groups of one side of `::`; the last may be an IPv4 address. */
function parseGroups(text: string, mayEndInIpv4: boolean): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const ipv4 = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (ipv4 === undefined) return undefined;
      groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(BigInt(`0x${part}`));
    }
  }
  return groups;
}

function parseIpv6(text: string): bigint | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const [head = '', tail] = sides;
  const left = parseGroups(head, tail === undefined);
  const right = tail === undefined ? [] : parseGroups(tail, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const zeros = Array.from({ length: missing }, () => 0n);
  return [...left, ...zeros, ...right].reduce((value, group) => (value << 16n) | group, 0n);
}

/** Reads an address without a zone; an IPv4 address written as IPv6 counts as IPv4. Source: Go's net.ParseIP. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseIpv6(text);
  if (value === undefined) return undefined;
  if (value >> 32n === mappedPrefix) return { family: 4, value: value & 0xffffffffn };
  return { family: 6, value };
}

function blockOf(family: 4 | 6, address: bigint, prefix: number): Cidr {
  const size = 1n << BigInt(bitsOf[family] - prefix);
  const first = (address / size) * size;
  return { family, prefix, first, last: first + size - 1n, hasHostBits: first !== address };
}

/** Reads `address/prefix`; `undefined` where it is none. Source: Go's net.ParseCIDR. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]*)\/([0-9]{1,7})$/.exec(text);
  if (match === null) return undefined;
  const [, addressText = '', prefixText] = match;
  const prefix = Number(prefixText);
  if (!addressText.includes(':')) {
    const ipv4 = parseIpv4(addressText);
    return ipv4 === undefined || prefix > bitsOf[4] ? undefined : blockOf(4, ipv4, prefix);
  }
  const ipv6 = parseIpv6(addressText);
  if (ipv6 === undefined || prefix > bitsOf[6]) return undefined;
  if (ipv6 >> 32n === mappedPrefix && prefix >= 96) return blockOf(4, ipv6 & 0xffffffffn, prefix - 96);
  return blockOf(6, ipv6, prefix);
}

/** True where every address of `inner` lies in `outer`; blocks of different families never do. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function cidrContainsAddress(cidr: Cidr, address: IpAddress): boolean {
  return cidr.family === address.family && cidr.first <= address.value && address.value <= cidr.last;
}

/** True where some address lies in both. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  const text = groups.join(':');
  // RFC 5952: the longest run of zeros, the first of equals, and never a single one.
  const longest = [...text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)]
    .map(({ 0: run, index }) => ({ run, index }))
    .reduce((best, next) => (next.run.length > best.run.length ? next : best), { run: '', index: 0 });
  if (longest.run === '') return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  return `${before}::${text.slice(longest.index + longest.run.length).replace(/^:/, '')}`;
}

/** The usual text: dotted for IPv4, RFC 5952 for IPv6. */
export function formatIpAddress({ family, value }: IpAddress): string {
  if (family === 6) return formatIpv6(value);
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

/** `network/prefix`, without host bits. */
export function formatCidr({ family, first, prefix }: Cidr): string {
  return `${formatIpAddress({ family, value: first })}/${prefix}`;
}
