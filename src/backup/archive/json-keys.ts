// How keys in a JSON text rank: by the bytes of what they say, as Go sorts them.

const [quote, backslash, smallU] = [34, 92, 117];

/** Longer strings are left to the native search. */
const shortString = 48;

/** The position after the quote that ends a string whose first quote stands at `start`; -1 where none does. */
export function endOfString(text: Buffer, start: number): number {
  const near = Math.min(start + shortString, text.length);
  for (let at = start + 1; at < near; at += 1) {
    const code = text[at];
    if (code === quote) return at + 1;
    if (code === backslash) at += 1;
  }
  return endOfLongString(text, start);
}

/** By its quotes and what stands before them. */
function endOfLongString(text: Buffer, start: number): number {
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return -1;
}

/** What a string says that stands from quote to quote. */
export function textOf(text: Buffer, start: number, end: number): string {
  const token = text.toString('utf8', start, end);
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

function bytesOf(text: Buffer, start: number): Buffer {
  return Buffer.from(textOf(text, start, endOfString(text, start)));
}

/** A quote ends its key, and what ends ranks before what goes on. */
function rankOf(code: number | undefined): number {
  return code === undefined || code === quote ? -1 : code;
}

/** How long the escape is whose backslash stands there. */
function escapeLength(text: Buffer, at: number): number {
  return text[at + 1] === smallU ? 6 : 2;
}

/** Below zero where the key at `start` of `a` ranks before that at `other` of `b`; zero where they say the same, however that is written. */
export function compareKeys(a: Buffer, start: number, b: Buffer, other: number): number {
  /** The end of the escape that was met last. */
  let escaped = 0;
  for (let at = 1; ; at += 1) {
    const code = a[start + at];
    const against = b[other + at];
    if (code !== against) {
      const isPlain = at >= escaped && code !== backslash && against !== backslash;
      return isPlain ? rankOf(code) - rankOf(against) : Buffer.compare(bytesOf(a, start), bytesOf(b, other));
    }
    if (at < escaped) continue;
    if (rankOf(code) < 0) return 0;
    if (code === backslash) escaped = at + escapeLength(a, start + at);
  }
}
