// Character codes and classes of the plain subset of YAML: everything outside it is left to the full parser.

export const tab = 9;
export const lineFeed = 10;
export const carriageReturn = 13;
export const space = 32;
export const doubleQuote = 34;
export const hash = 35;
export const singleQuote = 39;
export const plus = 43;
export const comma = 44;
export const dash = 45;
export const dot = 46;
export const colon = 58;
export const greaterThan = 62;
export const openBracket = 91;
export const backslash = 92;
export const closeBracket = 93;
export const openBrace = 123;
export const verticalBar = 124;
export const closeBrace = 125;

/** A document is outside the plain subset, or perhaps is: the full parser decides. One instance, as it is no error. */
export const unsure = new Error('outside the plain subset of YAML');

/** 1: ordinary text inside a plain scalar; 0: needs a closer look. ASCII only. */
const ordinary = new Uint8Array(128).fill(1, 32, 127);
for (const code of [hash, colon]) ordinary[code] = 0;

/** 1: ordinary text inside a plain scalar of a flow collection. */
const ordinaryInFlow = ordinary.slice();
for (const code of [comma, openBracket, closeBracket, openBrace, closeBrace]) ordinaryInFlow[code] = 0;

/** 1: may begin a plain scalar wherever it stands. `-` is looked at by the caller. */
const starting = ordinaryInFlow.slice();
for (const char of ' "\'!%&*>?@`|-') starting[char.charCodeAt(0)] = 0;

export function isOrdinary(code: number): boolean {
  return code < 128 ? ordinary[code] === 1 : isPrintable(code);
}

export function isOrdinaryInFlow(code: number): boolean {
  return code < 128 ? ordinaryInFlow[code] === 1 : isPrintable(code);
}

/** Printable and no half of a surrogate pair: the full parser also takes whole pairs and U+0085. */
export function isPrintable(code: number): boolean {
  if (code < 127) return code >= 32;
  return (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe && code !== 0xfeff);
}

export function canStartPlain(code: number): boolean {
  return code < 128 ? starting[code] === 1 : isPrintable(code);
}

/** What ends a plain scalar after `:`, or lets `-` be an indicator: blank, line end or the end of the text. */
export function isBlankOrEnd(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  return code === space || code === lineFeed || code === carriageReturn || code === tab;
}

/** First character of the next line, given the first character of a line break. A lone carriage return is not for us. */
export function afterLineBreak(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) === lineFeed) return at + 1;
  if (at + 1 < end && text.charCodeAt(at + 1) === lineFeed) return at + 2;
  throw unsure;
}

/** First character after a comment and its line break. */
export function afterComment(text: string, at: number, end: number): number {
  for (let pos = at; pos < end; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code === lineFeed || code === carriageReturn) return afterLineBreak(text, pos, end);
    if (code === 0) throw unsure;
  }
  return end;
}
