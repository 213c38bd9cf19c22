// The addresses outside, cut where blocks of policies begin and end: all addresses of a range are treated alike.

import { type Cidr, formatIpAddress } from '../../kube/cidr.ts';
import type { Block } from '../compile-peers.ts';

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const sizes = { 4: 1n << 32n, 6: 1n << 128n } as const;

export function rangeId({ family, first, last }: AddressRange): string {
  const text = (value: bigint): string => formatIpAddress({ family, value });
  return `${text(first)}-${text(last)}[External]`;
}

function holds({ cidr, except }: Block, { family, first }: AddressRange): boolean {
  const isIn = (each: Cidr): boolean => each.family === family && each.first <= first && first <= each.last;
  return cidr !== undefined && isIn(cidr) && !except.some(isIn);
}

/** Pieces that the ends of blocks and of their exceptions cut the addresses of a family into. */
function cut(family: 4 | 6, cidrs: readonly Cidr[]): AddressRange[] {
  const starts = new Set([0n]);
  for (const { first, last } of cidrs) starts.add(first).add(last + 1n);
  starts.delete(sizes[family]);
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({ family, first, last: (sorted[index + 1] ?? sizes[family]) - 1n }));
}

/** Numbers of the blocks that hold each piece, as text. */
function membership(pieces: readonly AddressRange[], blocks: readonly Block[]): string[] {
  const words: string[] = pieces.map(() => '');
  for (const [number, block] of blocks.entries()) {
    const last = block.cidr?.last ?? -1n;
    for (let index = lowerBound(pieces, block.cidr?.first ?? 0n); index < pieces.length; index += 1) {
      const piece = pieces[index];
      if (piece === undefined || piece.first > last) break;
      if (holds(block, piece)) words[index] += `${number},`;
    }
  }
  return words;
}

/** Index of the first range that ends at or behind an address. */
export function lowerBound(ranges: readonly AddressRange[], address: bigint): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? 0n) < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangesOfFamily(family: 4 | 6, blocks: readonly Block[]): AddressRange[] {
  const own = new Map(blocks.filter(({ cidr }) => cidr?.family === family).map((block) => [blockKey(block), block]));
  const cidrs = [...own.values()].flatMap(({ cidr, except }) => [...(cidr === undefined ? [] : [cidr]), ...except]);
  const pieces = cut(
    family,
    cidrs.filter((each) => each.family === family),
  );
  const words = membership(pieces, [...own.values()]);
  const ranges: AddressRange[] = [];
  for (const [index, piece] of pieces.entries()) {
    const before = ranges.at(-1);
    if (before !== undefined && words[index] === words[index - 1])
      ranges[ranges.length - 1] = { ...before, last: piece.last };
    else ranges.push(piece);
  }
  return ranges;
}

function blockKey({ cidr, except }: Block): string {
  return [cidr, ...except].map((each) => `${each?.first}-${each?.last}`).join(' ');
}

/** Sorted and without gaps, for each of the families. */
export function cutRanges(blocks: readonly Block[], families: readonly (4 | 6)[]): AddressRange[] {
  return families.flatMap((family) => rangesOfFamily(family, blocks));
}
