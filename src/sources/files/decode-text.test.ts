import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

function utf16be(text: string): Uint8Array {
  return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
}

const wellFormed = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !text.startsWith('\uFEFF'));

describe('decoding', () => {
  it('gives back any text in UTF-8 and UTF-16, with and without a mark', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(decodeText(Buffer.from(text, 'utf8'))).toEqual({ ok: true, text });
        expect(decodeText(Buffer.from(`\uFEFF${text}`, 'utf8'))).toEqual({ ok: true, text });
        expect(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]))).toEqual({
          ok: true,
          text,
          encoding: 'utf-16le',
        });
        expect(decodeText(utf16be(text))).toEqual({ ok: true, text, encoding: 'utf-16be' });
      }),
    );
  });

  it.each([
    ['a program', [0x7f, 0x45, 0x4c, 0x46, 0, 0], 'binary-file'],
    ['Latin-1', [0x6e, 0xe4, 0x6d, 0x65], 'unsupported-encoding'],
    ['UTF-32', [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], 'unsupported-encoding'],
    ['half a character of UTF-16', [0xff, 0xfe, 0x61], 'unsupported-encoding'],
  ])('refuses %s', (_, bytes, code) => {
    expect(decodeText(new Uint8Array(bytes))).toMatchObject({ ok: false, code });
  });
});
