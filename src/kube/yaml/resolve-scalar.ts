// What a plain scalar means to kubectl: YAML 1.1 as sigs.k8s.io/yaml (a go-yaml v2 fork) resolves it, then as JSON.

import { digitsOf, parseDigits } from '../../model/exact-number.ts';
import type { Json } from '../../model/json-value.ts';

const words = new Map<string, Json>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const prefixed = /^([-+]?)0([xXbBoO])([0-9a-fA-F]+)$/;
const octal = /^[-+]?0[0-7]+$/;
const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const bases: Readonly<Record<string, number>> = { x: 16, b: 2, o: 8 };

/** go-yaml keeps whole numbers of 64 bits, with a sign or without; larger ones are doubles. */
const [least, most] = [-(2n ** 63n), 2n ** 64n - 1n];

function wholeNumber(double: number, text: string, prefix = ''): Json {
  if (Number.isSafeInteger(double)) return double;
  const size = BigInt(prefix + text.replace(/^[-+]/, ''));
  const whole = text.startsWith('-') ? -size : size;
  return whole < least || whole > most ? double : parseDigits(String(whole));
}

function parsePrefixed(text: string): Json | undefined {
  const match = prefixed.exec(text);
  if (match === null) return undefined;
  const [, sign = '', letter = '', digits = ''] = match;
  const base = bases[letter.toLowerCase()] ?? 10;
  const valid = base === 16 || (base === 8 ? /^[0-7]+$/ : /^[01]+$/).test(digits);
  if (!valid) return undefined;
  const signed = sign + digits;
  return wholeNumber(Number.parseInt(signed, base), signed, `0${letter.toLowerCase()}`);
}

function parseNumber(text: string): Json | undefined {
  // go-yaml drops every underscore of something that starts like a number before it looks closer.
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  if (decimal.test(plain)) return wholeNumber(Number(plain), plain);
  if (octal.test(plain)) return wholeNumber(Number.parseInt(plain, 8), plain, '0o');
  const withBase = parsePrefixed(plain);
  if (withBase !== undefined) return withBase;
  return float.test(plain) ? Number(plain) : undefined;
}

/** The JSON value of an untagged plain scalar. Dates and sexagesimals stay text, as they do in kubectl. */
export function resolvePlainScalar(text: string): Json {
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (numeric) return parseNumber(text) ?? text;
  if (text.length > 5) return text;
  const word = words.get(text);
  return word === undefined ? text : word;
}

/** The JSON value of a scalar with an explicit tag; tags that YAML 1.1 does not know leave the text as it is. */
export function resolveTaggedScalar(tag: string, text: string): Json {
  switch (tag) {
    case '!!int':
    case '!!float':
      return parseNumber(text) ?? text;
    case '!!bool':
    case '!!null':
      return words.get(text) ?? (tag === '!!null' ? null : text);
    default:
      return text;
  }
}

/** How a mapping key appears in JSON: `n: 1` has the key `"false"`. */
export function toJsonKey(value: Json): string {
  return typeof value === 'string' ? (digitsOf(value) ?? value) : JSON.stringify(value);
}
