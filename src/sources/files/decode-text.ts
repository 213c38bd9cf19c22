// Bytes of a file to text: UTF-8 and UTF-16 with their marks, everything else is told apart.

import type { ErrorCode, TextEncoding } from '../../model/index.ts';

export type Decoded =
  /** `encoding` is left out for UTF-8. */
  | { readonly ok: true; readonly text: string; readonly encoding?: TextEncoding }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string; readonly advice: string };

/** A text longer than this cannot be one V8 string (Node 20: 2^29 - 24 characters). */
const longestString = 536_870_888;
const probeLength = 8192;

function refuse(code: ErrorCode, reason: string, advice: string): Decoded {
  return { ok: false, code, reason, advice };
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function encodingOf(bytes: Uint8Array): 'utf-8' | TextEncoding | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) return undefined;
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  return 'utf-8';
}

/** The text without its byte order mark, or why it is none. Never guesses an encoding. */
export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  const convert = 'Save the file as UTF-8.';
  if (encoding === undefined) return refuse('unsupported-encoding', 'the text is UTF-32', convert);
  if (encoding === 'utf-8' && bytes.subarray(0, probeLength).includes(0))
    return refuse('binary-file', 'the file is not text', 'Leave it out, or check that it is the file you mean.');
  if (bytes.length > longestString)
    return refuse('file-too-large', 'the text is longer than one string can be', 'Split the file.');
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return encoding === 'utf-8' ? { ok: true, text } : { ok: true, text, encoding };
  } catch {
    return refuse('unsupported-encoding', `the bytes are not valid ${encoding.toUpperCase()}`, convert);
  }
}
