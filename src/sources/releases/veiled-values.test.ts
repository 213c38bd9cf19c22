import { describe, expect, it } from 'vitest';
import { hideShortTexts, hideShortTextsInMessage, type Veil, veil } from './veiled-values.ts';

/** Renders with a value, and again with its veil, as a chart would. */
function shown(value: number | string, render: (value: string) => string): string {
  const veils: Veil[] = [];
  veil(value, veils);
  return hideShortTexts(render(String(value)), render(veils[0]?.token ?? ''), veils);
}

describe('a short value of a Secret', () => {
  it('is veiled, as longer numbers are, and nothing else', () => {
    const veils: Veil[] = [];
    const values = { a: ['abc', '', 'longer-than-six'], b: { c: 4711, d: 2, e: true, f: null } };
    expect(veil(values, veils)).toEqual({
      a: ['nowwhat-veil-0-end', '', 'longer-than-six'],
      b: { c: 'nowwhat-veil-1-end', d: 2, e: true, f: null },
    });
    expect(veils.map(({ text }) => text)).toEqual(['abc', '4711']);
  });

  it.each<[string, (value: string) => string, string]>([
    [
      'where it comes out, and not where the same word stands',
      (v) => `name: http\nmode: ${v}\n`,
      'name: http\nmode: hidden-by-nowwhat\n',
    ],
    ['within a text', (v) => `url: "p://u:${v}@host/http"\n`, 'url: "p://u:hidden-by-nowwhat@host/http"\n'],
    ['in base64', (v) => `data:\n  a: ${btoa(v)}\n`, `data:\n  a: ${btoa('hidden-by-nowwhat')}\n`],
    ['as a key', (v) => `${v}: 1\n`, 'hidden-by-nowwhat: 1\n'],
    [
      'whole, where it was made into something else',
      (v) => `  - up: ${v.toUpperCase()} # x\n`,
      '  - up: hidden-by-nowwhat\n',
    ],
    ['whole, where something else is in base64', (v) => `  a: ${btoa(`x${v}`)}`, `  a: ${btoa('hidden-by-nowwhat')}`],
    [
      'where it decides how many lines there are',
      (v) => (v === 'http' ? `a: "http"\nb: httpd\n- http\n` : 'a: 1'),
      'a: hidden-by-nowwhat\nb: httpd\n- hidden-by-nowwhat\n',
    ],
  ])('is hidden %s', (_, render, wished) => {
    expect(shown('http', render)).toBe(wished);
  });

  it('that is a number stays where a number stands, and is hidden in texts', () => {
    expect(shown(8443, (v) => `port: ${v}\npin: "${v}"\n- ${v}\n`)).toBe(
      'port: 8443\npin: "hidden-by-nowwhat"\n- 8443\n',
    );
    expect(shown('8443', (v) => `port: ${v}\n`)).toBe('port: hidden-by-nowwhat\n');
  });

  it('is hidden in messages, as a word', () => {
    const veils: Veil[] = [];
    veil('a.c', veils);
    expect(hideShortTextsInMessage('bad a.c, not abc nor xa.c', veils)).toBe('bad hidden-by-nowwhat, not abc nor xa.c');
  });

  it('is hidden where the second rendering failed', () => {
    const veils: Veil[] = [];
    veil('abc', veils);
    expect(hideShortTexts(`a: abc\nb: ${btoa('abc')}\nc: abcd\n`, undefined, veils)).toBe(
      `a: hidden-by-nowwhat\nb: ${btoa('hidden-by-nowwhat')}\nc: abcd\n`,
    );
  });
});
