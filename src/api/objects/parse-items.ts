// The objects of a list, parsed a few at a time: who looks at one after the other never holds a whole page of them.

import { asArray, type Json, parseJson } from '../../model/index.ts';
import { listHead } from './parse-list.ts';

/** Up to the first object, and how that one begins: with its first key. */
const beginning = new RegExp(String.raw`${listHead}\[(?=(?<first>\{"[^"\\]*":))`);
const mostBeginning = 8192;

/** Bytes that are parsed at once. */
const pieceBytes = 1 << 16;

/** Cuts between objects as a server writes them, by how the first one begins; nothing where the list looks otherwise. */
function* guessPieces(bytes: Buffer): Generator<Buffer> {
  const found = beginning.exec(bytes.toString('latin1', 0, mostBeginning));
  const end = bytes.lastIndexOf(']');
  if (found === null || bytes.toString('latin1', end + 1).trim() !== '}') return;
  const border = Buffer.from(`},${found.groups?.['first'] ?? ''}`, 'latin1');
  let start = found[0].length;
  for (let cut = 0; cut >= 0; start = cut + 2) {
    cut = bytes.indexOf(border, start + pieceBytes);
    yield bytes.subarray(start, cut < 0 ? end : cut + 1);
  }
}

function parsePiece(piece: Buffer): readonly Json[] | undefined {
  try {
    return asArray(parseJson(`[${piece.toString('utf8')}]`));
  } catch {
    return undefined;
  }
}

/**
 * The items of a list, as they are asked for; `parse` reads the whole. A cut within an object leaves a piece that is no JSON, for its brackets do not close:
 * what came before it is right, and the rest is taken from the whole.
 */
export function* parseItems(bytes: Buffer, parse: () => readonly Json[]): Generator<Json> {
  let [told, isWhole] = [0, false];
  for (const piece of guessPieces(bytes)) {
    const items = parsePiece(piece);
    isWhole = items !== undefined;
    if (items === undefined) break;
    told += items.length;
    yield* items;
  }
  if (!isWhole) yield* parse().slice(told);
}
