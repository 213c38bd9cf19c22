// Numbers of JSON that a double cannot give back: read with every digit, compared by their value, and written as they stood.

import type { Json } from './json-value.ts';

/**
 * Half a character, which no text in UTF-8 holds: behind it stand the digits of such a number. As a text it is copied, merged, cloned and used as a key like
 * any other scalar, and two different numbers never look alike. See ADR 0029.
 */
const mark = '\ud800';
const markCode = mark.charCodeAt(0);
/** As JSON.stringify writes it, at the beginning of a text: a quote within a text has a backslash before it. */
const writtenMark = '\\ud800';
const written = /(?<!\\)"\\ud800(-?\d[\d.eE+-]*)"/g;

/** What may be a number of two characters or more, also within a text; one digit alone is never in doubt. */
const candidates = /[\s:,[]([\d-][\d.eE+-]+)(?=[\s,}\]])/g;
const halfCharacter = /\\u[dD]800/;
const tokens = /-?\d[\d.eE+-]*/g;
const parts = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number whose digits are kept: `asNumber` gives the double next to it, `toText` its digits, and `asString` nothing. */
export function isExactNumber(value: unknown): value is string {
  return typeof value === 'string' && value.charCodeAt(0) === markCode && parts.test(value.slice(1));
}

/** The digits of any number, as they were written; `undefined` for what is none. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isExactNumber(value) ? value.slice(1) : undefined;
}

/** A number that stands so in JSON: a double where that gives the same digits back. */
export function parseDigits(digits: string): number | string {
  const double = Number(digits);
  return String(double) === digits || !parts.test(digits) ? double : mark + digits;
}

/** Sign, digits from the first to the last that counts, and the power of ten that they are multiplied by. */
function valueOf(digits: string): string {
  const found = parts.exec(digits);
  // YAML has numbers that no double holds, too: they are infinite here.
  if (found === null) return digits;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  const all = (whole + fraction).replace(/^0+/, '');
  let end = all.length;
  while (all[end - 1] === '0') end -= 1;
  if (end === 0) return '0';
  return `${sign}${all.slice(0, end)}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(all.length - end)}`;
}

/** Whether both are numbers of one value, however they are spelled: 1.0 is 1, and 9007199254740993 is not 9007199254740992. */
export function isSameNumber(a: unknown, b: unknown): boolean {
  const [one, other] = [digitsOf(a), digitsOf(b)];
  return one !== undefined && other !== undefined && valueOf(one) === valueOf(other);
}

/** A fraction, an exponent, a zero below zero or too many digits, also within a text: without these every number comes back as it was. */
const rareSigns = /[\s:,[](?:-0|-?\d+[.eE]|-?\d{16})/;

function holdsRareNumber(text: string): boolean {
  if (!rareSigns.test(text)) return false;
  for (const [, digits = ''] of text.matchAll(candidates)) if (String(Number(digits)) !== digits) return true;
  return false;
}

/** Whether a plain reading may lose something. Most texts are passed over in a fraction of the time that parsing them takes. */
function isInDoubt(text: string): boolean {
  return halfCharacter.test(text) || holdsRareNumber(text);
}

/** The position after the string whose first quote stands at `start`, in a text that is known to be JSON. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function markToken(token: string): string {
  const value = parseDigits(token);
  return typeof value === 'number' ? token : `"${writtenMark}${token}"`;
}

/** What only looks like one of our numbers is read as Go reads half a character. */
function disown(token: string): string {
  return token.replace(/^"\\u[dD]800(?=-?\d)/, String.raw`"\ufffd`);
}

function markNumbers(text: string): string {
  let marked = '';
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    marked += text.slice(at, quote < 0 ? text.length : quote).replace(tokens, markToken);
    if (quote < 0) break;
    at = endOfString(text, quote);
    marked += disown(text.slice(quote, at));
  }
  return marked;
}

/** As `JSON.parse`, and no number loses a digit. Throws what that throws. */
export function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (typeof value === 'number') return parseDigits(text.trim());
  return isInDoubt(text) ? (JSON.parse(markNumbers(text)) as Json) : value;
}

/** As `JSON.stringify`, with the numbers that `parseJson` kept. */
export function renderJson(value: unknown, indent?: number | string): string {
  const text = JSON.stringify(value, null, indent);
  return text.includes(writtenMark) ? text.replace(written, '$1') : text;
}
