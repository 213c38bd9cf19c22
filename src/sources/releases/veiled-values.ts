// Short values of Secrets are words that may stand anywhere: where they really come out of a chart is told by a second rendering, with veils in their place.

import { isJsonObject, type Json } from '../../model/index.ts';
import { standIn, toBase64 } from './hide-secrets.ts';

export interface Veil {
  /** Stands in the place of the text when the chart is rendered the second time. */
  readonly token: string;
  readonly text: string;
  /** A number is one where the chart asks for numbers: it stays there. */
  readonly isNumber: boolean;
}

/** Texts from this length on are looked for everywhere. */
export const longText = 6;

function isVeiled(value: Json): value is number | string {
  if (typeof value === 'number') return Math.abs(value) >= 1000;
  return typeof value === 'string' && value !== '' && value.length < longText;
}

/** The value with veils for its short texts and its longer numbers; `veils` gets them. */
export function veil(value: Json, veils: Veil[]): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => veil(each, veils));
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, veil(each ?? null, veils)]));
  if (!isVeiled(value)) return value;
  const token = `nowwhat-veil-${veils.length}-end`;
  veils.push({ token, text: String(value), isNumber: typeof value === 'number' });
  return token;
}

/** Plain, and as `b64enc` writes it. */
function replaceTokens(text: string, veils: readonly Veil[], instead: (veil: Veil) => string): string {
  return veils.reduce(
    (replaced, each) =>
      replaced
        .replaceAll(each.token, () => instead(each))
        .replaceAll(toBase64(each.token), () => toBase64(instead(each))),
    text,
  );
}

/** JSON has no marks around numbers, and has them around veils. */
function withBareNumbers(veiled: string, veils: readonly Veil[]): string {
  return veils.reduce(
    (text, { token, isNumber }) =>
      isNumber ? text.replaceAll(`\\"${token}\\"`, token).replaceAll(`"${token}"`, token) : text,
    veiled,
  );
}

const isBareNumber = /^\s*(?:- +)*(?:[^\s#"']+: +)?-?[\d.]+(?:e[+-]?\d+)?\s*$/i;

/** What is not put out as it came in is hidden whole: a hash of a short text gives it away. */
function hideScalar(line: string): string {
  const [, head = '', scalar = ''] = /^(\s*(?:- +)*(?:[^\s#"']+:(?: +|$))?)(.*)$/.exec(line) ?? [];
  const isBase64 = scalar.length % 4 === 0 && /^"?[\w+/]+={0,2}"?$/.test(scalar);
  return scalar === '' ? line : head + (isBase64 ? toBase64(standIn) : standIn);
}

function hideIn(line: string, veiled: string, veils: readonly Veil[]): string {
  if (line === veiled) return line;
  const there = veils.filter(({ token }) => veiled.includes(token));
  if (isBareNumber.test(line) && there.every(({ isNumber }) => isNumber)) return line;
  const isAsGiven = [veiled, withBareNumbers(veiled, veils)].some(
    (each) => replaceTokens(each, veils, ({ text }) => text) === line,
  );
  return isAsGiven ? replaceTokens(veiled, veils, () => standIn) : hideScalar(line);
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** Where the lines cannot be compared: values that are wholly one of the texts, and the same in base64. */
function hideWholeValues(text: string, veils: readonly Veil[]): string {
  return veils.reduce((hidden, each) => {
    if (each.isNumber) return hidden;
    const value = (word: string) => new RegExp(`(?<=[:=-] *|^ *)(["']?)${escape(word)}\\1(?=[ \\t]*$)`, 'gm');
    return hidden
      .replaceAll(value(each.text), () => standIn)
      .replaceAll(value(toBase64(each.text)), () => toBase64(standIn));
  }, text);
}

/** What a chart put out, without the short texts. `veiled` is the second rendering; absent where there is none. */
export function hideShortTexts(text: string, veiled: string | undefined, veils: readonly Veil[]): string {
  const lines = text.split('\n');
  const others = veiled?.split('\n') ?? [];
  if (lines.length !== others.length) return hideWholeValues(text, veils);
  return lines.map((line, index) => hideIn(line, others[index] ?? '', veils)).join('\n');
}

/** A message names values between marks or blanks. */
export function hideShortTextsInMessage(message: string, veils: readonly Veil[]): string {
  return veils.reduce(
    (hidden, { text }) => hidden.replaceAll(new RegExp(`(?<!\\w)${escape(text)}(?!\\w)`, 'g'), () => standIn),
    message,
  );
}
