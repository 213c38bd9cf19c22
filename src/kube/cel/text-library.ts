// The strings library of Kubernetes' CEL, where the engine lacks it. Positions count characters (code points).

import type { Environment } from '@marcbachmann/cel-js';

function replace(text: string, from: string, to: string, limit: number): string {
  if (limit < 0) return text.replaceAll(from, () => to);
  let result = text;
  let at = 0;
  for (let count = 0; count < limit; count += 1) {
    const found = result.indexOf(from, at);
    if (found === -1) break;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    at = found + to.length;
  }
  return result;
}

function charAt(text: string, index: bigint): string {
  const characters = Array.from(text);
  if (index < 0n || index > BigInt(characters.length)) throw new Error(`charAt: index ${index} is out of range`);
  return characters[Number(index)] ?? '';
}

function toFormatted(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)) ?? 'null';
}

/** `%s`, `%d`, `%f`, `%.2f` and `%%`, as far as messages need them. */
function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(
    /%(?:(\.\d+)?([sdf])|%)/g,
    (whole, precision: string | undefined, verb: string | undefined) => {
      if (verb === undefined) return '%';
      if (next >= values.length) throw new Error(`format: no value for ${whole}`);
      const value = values[next++];
      return verb === 'f'
        ? Number(value).toFixed(precision === undefined ? 6 : Number(precision.slice(1)))
        : toFormatted(value);
    },
  );
}

export function addTextLibrary(environment: Environment): void {
  environment
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      replace(text, from, to, -1),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, limit: bigint) => replace(text, from, to, Number(limit)),
    )
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''))
    .registerFunction('string.format(list<dyn>): string', format);
}
