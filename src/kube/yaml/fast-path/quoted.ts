// Quoted scalars on one line.

import { getScalarValue } from 'js-yaml';
import { backslash, doubleQuote, singleQuote, tab, unsure } from './characters.ts';

const simpleEscapes = new Set(Array.from('0abt	nvfre "/\\N_LP', (char) => char.charCodeAt(0)));
const hexEscapes = new Map([
  [120, 2],
  [117, 4],
  [85, 8],
]);

function isHex(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 57) || (lower >= 97 && lower <= 102);
}

/** First character after the escape whose backslash stands before `at`. */
function afterEscape(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (simpleEscapes.has(code)) return at + 1;
  const digits = hexEscapes.get(code);
  if (digits === undefined) throw unsure;
  for (let digit = 1; digit <= digits; digit += 1) if (!isHex(text.charCodeAt(at + digit))) throw unsure;
  return at + 1 + digits;
}

/** Position of the closing quote; `at` is the first character inside. */
export function quotedEnd(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at - 1);
  let pos = at;
  while (pos < end) {
    const code = text.charCodeAt(pos);
    if (code === quote) {
      if (quote === doubleQuote || text.charCodeAt(pos + 1) !== singleQuote) return pos;
      pos += 2;
    } else if (code === backslash && quote === doubleQuote) pos = afterEscape(text, pos + 1);
    else if (code < 32 && code !== tab) throw unsure;
    else pos += 1;
  }
  throw unsure;
}

/** The value between the quotes. */
export function quotedValue(text: string, at: number, end: number): string {
  const isDouble = text.charCodeAt(at - 1) === doubleQuote;
  const raw = text.slice(at, end);
  if (!raw.includes(isDouble ? '\\' : "'")) return raw;
  return scalarValue(raw, isDouble ? 3 : 2);
}

function scalarValue(raw: string, style: 2 | 3): string {
  const none = { anchorStart: -1, anchorEnd: -1, tagStart: -1, tagEnd: -1, fast: false };
  return getScalarValue(raw, { type: 4, valueStart: 0, valueEnd: raw.length, style, chomping: 1, indent: -1, ...none });
}
