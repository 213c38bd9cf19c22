// Base64 as Kubernetes keeps the values of Secrets: the standard alphabet, padded, with line breaks allowed.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values: ReadonlyMap<string, number> = new Map(Array.from(alphabet, (letter, index) => [letter, index]));

/** The bytes, or `undefined` where the text is no base64. Source: Go's encoding/base64, StdEncoding, which skips CR and LF. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\r\n]/g, '');
  if (digits.length % 4 !== 0) return undefined;
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((digits.length / 4) * 3 - padding);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let index = 0; index < digits.length - padding; index += 1) {
    const value = values.get(digits.charAt(index));
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at] = (bits >> count) & 0xff;
    at += 1;
  }
  return bytes;
}

/** The standard alphabet, padded, on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => alphabet.charAt((bits >> shift) & 63));
    if (third === undefined) digits[3] = '=';
    if (second === undefined) digits[2] = '=';
    parts.push(digits.join(''));
  }
  return parts.join('');
}
