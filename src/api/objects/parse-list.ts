// The JSON of a list, with or without `metadata.managedFields`: half the bytes of most objects, and most of the time it takes to parse them.

import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject, parseJson } from '../../model/index.ts';

const key = Buffer.from('"managedFields":');
const [quote, comma, backslash, openList, closeList, closeObject] = [34, 44, 92, 91, 93, 125];

/** The index after the string that begins at `at`. A loop: most strings are shorter than a call of `indexOf` is dear. */
function endOfString(bytes: Buffer, at: number): number {
  let index = at + 1;
  while (index < bytes.length && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1;
  return index + 1;
}

/** The index after the list that begins at `at`; `at` itself where something else does, or it has no end. */
function endOfList(bytes: Buffer, at: number): number {
  if (bytes[at] !== openList) return at;
  let depth = 0;
  for (let index = at; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote) index = endOfString(bytes, index) - 1;
    else if (byte === openList) depth += 1;
    else if (byte === closeList && --depth === 0) return index + 1;
  }
  return at;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 97 && byte <= 122;
}

/**
 * The same, in no time for what a server writes: sets of fields are objects in objects, so that the first `]` ends the list. Followed by `,"` and a
 * letter it stands in no string, which that quote would end. Where it ends an inner list after all, what is left over is not JSON.
 */
function guessEndOfList(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(closeList, at);
  const next = bytes[end + 1] === closeObject ? end + 2 : end + 1;
  const isEnd = bytes[end - 1] === closeObject && bytes[next] === comma && bytes[next + 1] === quote;
  return bytes[at] === openList && isEnd && isLetter(bytes[next + 2]) ? end + 1 : endOfList(bytes, at);
}

interface Cut {
  readonly bytes: Buffer;
  /** Lists that were emptied. */
  readonly cuts: number;
}

/** Empties the list of each `"managedFields":`, wherever it stands. */
function cutManagedFields(bytes: Buffer): Cut {
  const parts: Buffer[] = [];
  let from = 0;
  let at = bytes.indexOf(key);
  while (at >= 0) {
    const start = at + key.length;
    const end = guessEndOfList(bytes, start);
    // A key that only ends so, or a value that is no list: left to the parser.
    const isCut = end > start && bytes[at - 1] !== backslash;
    if (isCut) {
      parts.push(bytes.subarray(from, start + 1));
      from = end - 1;
    }
    at = bytes.indexOf(key, isCut ? end : start);
  }
  return { bytes: parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]), cuts: parts.length };
}

function withoutManagedFields(item: Json): Json {
  const metadata = asObject(asObject(item)['metadata']);
  if (!isJsonObject(item) || !('managedFields' in metadata)) return item;
  const { managedFields: _dropped, ...rest } = metadata;
  return { ...item, metadata: rest };
}

function hasEmptyFields(item: Json): boolean {
  const fields = asObject(asObject(item)['metadata'])['managedFields'];
  return Array.isArray(fields) && fields.length === 0;
}

function parseCut(bytes: Buffer): JsonObject | undefined {
  const cut = cutManagedFields(bytes);
  try {
    const list = asObject(parseJson(cut.bytes.toString('utf8')));
    // Something else was called so: it must not be lost.
    return asArray(list['items']).filter(hasEmptyFields).length === cut.cuts ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Parses a list and leaves out its objects' `metadata.managedFields`; a field of that name elsewhere is kept. Throws what `JSON.parse` does. */
export function parseListWithoutManagedFields(bytes: Buffer): JsonObject {
  const list = parseCut(bytes) ?? asObject(parseJson(bytes.toString('utf8')));
  const { items } = list;
  return Array.isArray(items) ? { ...list, items: items.map(withoutManagedFields) } : list;
}

/** How a server begins a list, as a pattern: what it says of the whole, its `metadata`, stands before the items. */
export const listHead = String.raw`^\{(?:"(?:kind|apiVersion)":"[^"\\]*",)*"metadata":(?<metadata>\{[^{}]*\}),"items":`;
const head = new RegExp(listHead);
const mostHead = 4096;

/** What a list says of itself, from its first bytes; `undefined` where only the whole tells. */
export function peekMetadata(bytes: Buffer): JsonObject | undefined {
  const metadata = head.exec(bytes.toString('latin1', 0, mostHead))?.groups?.['metadata'];
  if (metadata === undefined) return undefined;
  try {
    return asObject(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}

/** The token of the next page, '' where there is none, so that it can be asked for before this page is parsed. */
export function peekContinue(bytes: Buffer): string | undefined {
  const metadata = peekMetadata(bytes);
  return metadata && (asString(metadata['continue']) ?? '');
}
